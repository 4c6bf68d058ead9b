"""What Kling's native lip-sync surface promises: openapi.yaml and, beside it, what OpenAPI cannot hold."""
