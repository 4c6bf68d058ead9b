"""Connections to somewhere else: which targets are allowed, and how they are reached."""
