"""A client in its scenarios: each cell from a fresh tenant to the verdicts, and all of them as one run."""
