"""The use cases: identify faces, prepare and accept a job, look a task up. The door from a provider to the store."""
