"""The form of a scenario: what it takes, what it refuses."""

from __future__ import annotations

import json

import jsonschema_rs
import msgspec
import pytest
from pydantic import ValidationError

from mock_server.faults.form import FaultForm, MatchForm
from mock_server.scenarios.fault_spec import LIST_SCHEMA, form_schema
from mock_server.scenarios.model import Scenario
from mock_server.scenarios.schema import schema_text

WHOLE = {
    "name": "incident/x-1",
    "title": "t",
    "says": "s",
    "providers": ["kling"],
    "pace": "polls:3",
    "clock": "60x",
    "seed": -1,
    "media": {"video": {"duration_ms": 5, "face_intervals": [[0, 5]]}, "audio": {"format": "wav"}},
    "faults": ["stuck-queued", {"fault": "gateway-502-html", "on": "poll", "from": 2, "to": None}],
    "dialects": {"kling.no_face": "empty"},
    "with_callback": True,
    "expect": {"outcome": "failure", "reason": "task-failed"},
    "motive": "m",
    "link": "https://example.test/1",
}
WRONG = [
    ("name", "Upper"),
    ("name", "a/b/c"),
    ("providers", []),
    ("providers", ["veo"]),
    ("pace", "polls:0"),
    ("clock", "0x"),
    ("seed", 2**63),
    ("seed", "1"),
    ("media", {"video": {"faces": 1, "face_intervals": []}}),
    ("media", {"picture": {}}),
    ("faults", "stuck-queued"),
    ("expect", {"outcome": "success", "reason": "task-failed"}),
    ("expect", {"outcome": "maybe"}),
    ("link", "example.test"),
    ("extra", 1),
]


def test_a_whole_scenario_is_taken_and_given_back() -> None:
    assert Scenario.model_validate(WHOLE).model_dump(mode="json", exclude_unset=True) == WHOLE
    assert Scenario.model_validate_json(json.dumps(WHOLE)) == Scenario.model_validate(WHOLE)


def test_a_name_is_enough() -> None:
    plain = Scenario.model_validate({"name": "x"})
    assert (plain.pace, plain.clock, plain.seed, plain.faults, plain.dialects) == (None, None, None, [], {})
    assert plain.providers == ["kirin", "gmi", "kling"]
    assert plain.media.hints() == {}


@pytest.mark.parametrize(("field", "value"), WRONG)
def test_one_wrong_field_is_refused_by_name(field: str, value: object) -> None:
    with pytest.raises(ValidationError, match=field):
        Scenario.model_validate({**WHOLE, field: value})


def test_the_schema_takes_what_the_model_takes() -> None:
    schema = json.loads(schema_text())
    assert schema["additionalProperties"] is False
    assert schema["required"] == ["name"]
    validator = jsonschema_rs.Draft202012Validator(schema)
    validator.validate(WHOLE)
    assert not validator.is_valid({**WHOLE, "faults": [{"fault": "x", "nht": 1}]})
    assert not validator.is_valid({**WHOLE, "expect": {"outcome": "maybe"}})


def test_the_schema_of_a_fault_is_the_form_s_own() -> None:
    schema = form_schema()
    properties = schema["properties"]
    assert isinstance(properties, dict)
    assert list(properties) == list(FaultForm.__struct_encode_fields__)
    assert list(properties["match"]["properties"]) == list(MatchForm.__struct_encode_fields__)
    assert "$ref" not in json.dumps(schema)
    validator = jsonschema_rs.Draft202012Validator(LIST_SCHEMA)
    form = msgspec.to_builtins(FaultForm(fault="x", nth=2, match=MatchForm(task="t")))
    for spec in ("stuck-queued", form, [form, "stuck-queued"]):
        validator.validate(spec)
    assert not validator.is_valid({**form, "nth": 0})
