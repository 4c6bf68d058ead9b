"""What a person asked for and cannot be."""

from __future__ import annotations


class UsageError(ValueError):
    """Its text is one line for the person who typed it."""
