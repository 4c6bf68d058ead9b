"""The surface under ``/__lipflap/``: look at a running server, turn its clock, bring about what would not happen."""
