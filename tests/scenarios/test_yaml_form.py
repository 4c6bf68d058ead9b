"""Scenario files are YAML 1.2: words are words."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mock_server.scenarios.yaml_form import dump_yaml, load_yaml

scalars = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.text(st.characters(codec="utf-8", exclude_categories=("C",)))
)
values = st.recursive(
    scalars,
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text("abcon", min_size=1), inner, max_size=3)
    ),
)


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("on: off", {"on": "off"}),
        ("a: yes", {"a": "yes"}),
        ("a: 2026-01-01T00:00:00Z", {"a": "2026-01-01T00:00:00Z"}),
        ("a: 1:30", {"a": "1:30"}),
        ("a: 012", {"a": "012"}),
        ("a: [1, -2, 1.5, true, false, null, ~]", {"a": [1, -2, 1.5, True, False, None, None]}),
        ("a:", {"a": None}),
        ('{"a": "1"}', {"a": "1"}),
    ],
)
def test_a_word_means_what_the_core_schema_says(text: str, meant: object) -> None:
    assert load_yaml(text) == meant


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a: 1\na: 2", "the key a stands twice"),
        ("a: [", "line 1"),
        ("a: !!python/object:os.system x", "could not determine a constructor"),
        ("a: 1\n---\nb: 2", "expected a single document"),
    ],
)
def test_what_cannot_be_read_is_refused_with_the_place(text: str, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        load_yaml(text)


@given(values)
def test_what_is_written_is_read_again(value: object) -> None:
    assert load_yaml(dump_yaml(value)) == value
