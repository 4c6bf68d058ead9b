"""Does a server keep the contract? Requests of our own, Schemathesis, a state machine, and what moved since."""
