"""Faults of the result file."""
