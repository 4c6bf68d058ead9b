"""What the fixtures of the pytest plugin are made of. Nothing here is loaded before one is used."""
