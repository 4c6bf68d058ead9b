"""What is registered wrongly is refused at once."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from mock_server.faults.catalogue import CATALOGUE
from mock_server.faults.model import InPlace, Param
from mock_server.faults.registry import Registry, UnknownFault

ROW = CATALOGUE.get("gateway-502-html")


@pytest.mark.parametrize(
    ("rows", "reason"),
    [
        ((ROW, ROW), "two faults are called gateway-502-html"),
        ((replace(ROW, hooks=()),), "has no hook"),
        ((replace(ROW, hooks=("before",)),), "unknown hook: str"),
        ((replace(ROW, hooks=(InPlace(ROW.hooks[0].act, ()),)),), "without an occasion"),
        ((replace(ROW, params=(Param("times", 1, "x"),)),), "word of the grammar"),
        ((replace(ROW, params=(Param("k", 1, "x"), Param("k", 2, "y"))),), "two params"),
        ((replace(ROW, providers=("acme",)),), "names no provider"),
    ],
)
def test_a_row_that_cannot_be_is_refused(rows: tuple[object, ...], reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        Registry(rows)


def test_an_unknown_id_gets_the_nearest_ones() -> None:
    with pytest.raises(UnknownFault, match="did you mean gateway-502-html"):
        CATALOGUE.get("gateway-502-htm")


def test_every_row_says_what_it_does_and_what_a_good_client_does() -> None:
    for fault in CATALOGUE:
        assert fault.says, fault.id
        assert fault.client_must, fault.id
        assert fault.motive, fault.id
        assert not fault.link or fault.link.startswith("https://"), fault.id
