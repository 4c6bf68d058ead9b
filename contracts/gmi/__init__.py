"""What GMI Cloud's request queue promises: openapi.yaml and, beside it, what OpenAPI cannot hold."""
