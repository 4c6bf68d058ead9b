"""Faults of what an answer says."""
