"""Scenarios: a server's bad day as one piece of data, shipped, derived from the catalogue, or written by a user."""
