"""What was seen of a client, and the server that it was seen at: asked over HTTP, or in this process."""
