"""Misbehave on command: the catalogue of faults, the grammar to switch them on, and the engine."""
