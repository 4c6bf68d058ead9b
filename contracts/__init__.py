"""What three providers promise, and the tools that judge whether somebody keeps it."""
