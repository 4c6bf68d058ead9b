"""Where bytes come in: routing by the contract, bodies under caps, strict JSON, the journal."""
