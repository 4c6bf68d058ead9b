"""Faults of gateways, limits and maintenance."""
