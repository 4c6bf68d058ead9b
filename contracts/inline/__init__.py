"""A server in the same process and thread, and connections to it that no system knows: for many jobs a second."""
