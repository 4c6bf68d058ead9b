"""The three surfaces: each turns its provider's wire into the core's values, and back."""
