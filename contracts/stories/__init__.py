"""Stories that nobody wrote down: what may happen in one, and how a story becomes a scenario."""
