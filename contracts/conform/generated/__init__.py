"""Cases that Schemathesis generates from the contract; it runs as a process of its own and loads ``hooks``."""
