"""Values and pure functions: time, identity and choice are arguments; no I/O, no framework."""
