"""Media: facts of bytes and of URLs, samples, kept bytes, and results muxed without an encoder."""
