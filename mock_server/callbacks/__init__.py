"""Callbacks on their way out: the outbox, its worker, the sender and the signature."""
