"""The JSON Schema of scenario files, made from the model."""

from __future__ import annotations

import json

from mock_server.scenarios.model import Scenario


def schema_text() -> str:
    """JSON Schema 2020-12, indented, as it is published in ``docs/scenario.schema.json``."""
    schema = {"$schema": "https://json-schema.org/draft/2020-12/schema", **Scenario.model_json_schema()}
    return json.dumps(schema, indent=2) + "\n"
