"""Faults of what a task does over time."""
