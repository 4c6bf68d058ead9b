"""Faults of keys and tokens."""
