"""O8: every way in which a key can get out."""

from __future__ import annotations

import pytest

from contracts.checks.model import Verdict
from contracts.checks.secret_stays_home import CHECK, SHORTEST_SECRET
from contracts.witness.witnessed import Body, Outcome

KEY = "secret-key-1"
ABROAD = ("host", "localhost:8787")


def test_a_key_in_the_header_of_the_api_is_at_home(any_tape, verdict_of):
    assert verdict_of(CHECK, any_tape.happy().case()) is Verdict.PASS


def test_without_a_request_nothing_is_judged(tape, verdict_of):
    assert verdict_of(CHECK, tape.case()) is Verdict.NOT_EXERCISED


@pytest.mark.parametrize(
    ("headers", "verdict"),
    [
        ((ABROAD,), Verdict.PASS),
        ((ABROAD, ("authorization", "redacted")), Verdict.FAIL),
        ((ABROAD, ("X-API-Key", "redacted")), Verdict.FAIL),
        ((("host", "127.0.0.1:8787"), ("authorization", "redacted")), Verdict.PASS),
    ],
)
def test_a_download_elsewhere_goes_without_the_key(tape, verdict_of, headers, verdict):
    tape.submit()
    tape.download(headers=headers)
    tape.task(stage="succeeded")
    assert verdict_of(CHECK, tape.case()) is verdict


@pytest.mark.parametrize(
    "target", [f"/v1/x?auth={KEY}", "/v1/x?api_key=redacted", "/v1/x?a=1&token=redacted", f"/v1/{KEY}/x"]
)
def test_a_key_in_a_url_fails(tape, verdict_of, target):
    tape.submit(target=target)
    assert verdict_of(CHECK, tape.case()) is Verdict.FAIL


def test_a_signed_link_is_no_key(tape, verdict_of):
    tape.submit()
    tape.download(target="/r.mp4?Expires=1&Signature=redacted")
    tape.task()
    assert verdict_of(CHECK, tape.case()) is Verdict.PASS


def test_a_key_in_a_body_fails_but_in_the_judges_own_address(tape, verdict_of):
    address = f"http://127.0.0.1:1/{KEY}"
    tape.submit(request=Body(text=f'{{"callback_url": "{address}"}}'))
    assert verdict_of(CHECK, tape.case(callback_url=address)) is Verdict.PASS
    assert verdict_of(CHECK, tape.case()) is Verdict.FAIL


def test_a_key_in_another_header_fails(tape, verdict_of):
    tape.submit(headers=(("host", "h"), ("user-agent", f"me/{KEY}")))
    assert verdict_of(CHECK, tape.case()) is Verdict.FAIL


def test_the_signing_half_of_a_pair_is_a_secret_of_its_own(tape, verdict_of):
    tape.submit(request=Body(text='{"sk": "signing-half"}'))
    assert verdict_of(CHECK, tape.case(key="access:signing-half")) is Verdict.FAIL


def test_a_very_short_key_is_not_looked_for(tape, verdict_of):
    tape.submit(request=Body(text='{"a": "kkkkkk"}'))
    assert verdict_of(CHECK, tape.case(key="k" * (SHORTEST_SECRET - 1))) is Verdict.PASS
    assert verdict_of(CHECK, tape.case(key="k" * SHORTEST_SECRET)) is Verdict.FAIL


@pytest.mark.parametrize(
    ("reached", "verdict"),
    [
        ("169.254.169.254:80", Verdict.FAIL),
        ("10.0.0.1:80", Verdict.FAIL),
        ("[fd00:ec2::254]:80", Verdict.FAIL),
        ("93.184.215.14:443", Verdict.PASS),
        ("cdn.example:443", Verdict.PASS),
    ],
)
def test_no_link_leads_within(tape, verdict_of, reached, verdict):
    tape.submit()
    tape.download(status=302)
    tape.task()
    assert verdict_of(CHECK, tape.case(outcome=Outcome(1, reached=(reached,)))) is verdict
