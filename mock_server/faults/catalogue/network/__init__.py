"""Faults of the connection."""
