"""Drivers of a client under test: a command, a command that takes many jobs, a Python callable."""
