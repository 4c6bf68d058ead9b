"""A request can ask for any row of the error table, in words that no real request holds."""

from __future__ import annotations

import pytest

from contracts.contract import PROVIDERS, Contract, load_contract
from contracts.model import Channel
from mock_server.core.errors import Refused
from mock_server.core.plan import Failure
from mock_server.flow.magic import asked_failure

ROWS = [(provider, name) for provider in PROVIDERS for name in load_contract(provider).errors]
CODES = [
    (provider, error.code or str(error.http_status))
    for provider in PROVIDERS
    for error in load_contract(provider).errors.values()
]


def url(words: str) -> str:
    return f"https://cdn.test/a.mp4?lipflap.fault={words}"


def refusal(contract: Contract, external_id: str | None, *references: str) -> Refused:
    with pytest.raises(Refused) as refused:
        asked_failure(contract, external_id, references)
    return refused.value


@pytest.mark.parametrize(("provider", "name"), ROWS)
def test_every_row_of_every_table_can_be_asked_for_by_name(provider: str, name: str) -> None:
    contract = load_contract(provider)
    row = contract.errors[name]
    if row.channel is Channel.HTTP:
        refused = refusal(contract, None, url(f"error:{name}"))
        assert (refused.error, refused.message) == (name, row.message)
    else:
        assert asked_failure(contract, None, [url(f"error:{name}")]) == Failure(name, row.message)


@pytest.mark.parametrize(("provider", "name"), ROWS)
def test_every_row_of_every_table_can_end_a_task(provider: str, name: str) -> None:
    contract = load_contract(provider)
    found = asked_failure(contract, f"lipflap.fault=error:{name}@task#1", [])
    assert found == Failure(name, contract.errors[name].message)


@pytest.mark.parametrize(("provider", "code"), CODES)
def test_every_code_can_be_asked_for(provider: str, code: str) -> None:
    contract = load_contract(provider)
    failure = asked_failure(contract, f"lipflap.fault=error:{code}@task", [])
    assert failure is not None
    row = contract.errors[failure.error]
    assert code in (row.code, str(row.http_status))


@pytest.mark.parametrize(
    "external_id", ["lipflap.fault=error:1301", "lipflap.fault=error:1301#one", "lipflap.fault=error:1301##"]
)
def test_an_external_id_asks_and_stays_unique_by_what_follows_the_hash(
    kling: Contract, external_id: str
) -> None:
    assert kling.errors[refusal(kling, external_id).error].code == "1301"


def test_a_text_to_speak_may_be_the_words_themselves(kling: Contract) -> None:
    assert kling.errors[refusal(kling, None, "lipflap.fault=error:1301").error].code == "1301"


def test_the_first_who_asks_is_heard(kling: Contract) -> None:
    refused = refusal(kling, "lipflap.fault=error:1302", url("error:1301"))
    assert kling.errors[refused.error].code == "1302"


@pytest.mark.parametrize(
    "words",
    ["error:", "error:none", "error:9999", "error:1301@http", "error:@task"],
)
def test_words_that_name_no_row_are_refused(kling: Contract, words: str) -> None:
    refused = refusal(kling, None, url(words))
    assert (refused.error, refused.message) == ("invalid-value", "lipflap.fault names no error of kling")


@pytest.mark.parametrize(
    ("external_id", "reference"),
    [
        (None, ""),
        ("", "https://cdn.test/a.mp4"),
        ("my-task", "https://cdn.test/a.mp4?fault=error:1301"),
        ("x lipflap.fault=error:1301", "text with lipflap.fault=error:1301"),
        (None, "http://[?lipflap.fault=error:1301"),
        ("lipflap.fault=gateway-502-html", "https://cdn.test/a.mp4?lipflap.fault=stuck-queued"),
    ],
)
def test_an_ordinary_request_asks_for_nothing(
    kling: Contract, external_id: str | None, reference: str
) -> None:
    assert asked_failure(kling, external_id, [reference]) is None


@pytest.mark.parametrize("name", ["lipflap%2Efault", "%6Cipflap.fault", "lipflap.fault"])
def test_a_query_may_spell_the_word_in_percents(kling: Contract, name: str) -> None:
    refused = refusal(kling, None, f"https://cdn.test/a.mp4?{name}=error:1301")
    assert kling.errors[refused.error].code == "1301"
