"""Faults of callbacks."""
