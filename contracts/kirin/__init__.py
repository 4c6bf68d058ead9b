"""What the Vtrix gateway promises of Kirin: openapi.yaml and, beside it, what OpenAPI cannot hold."""
