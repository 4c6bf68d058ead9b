"""What the providers promise: documents and tables, as the server itself reads them."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import cast

from starlette.responses import Response

from contracts.contract import Contract
from contracts.document import contract_text
from contracts.model import ErrorCode, Rule
from mock_server.admin.ask import Ask
from mock_server.admin.operation import ROOT, Operation
from mock_server.admin.view import View

YAML = "application/yaml"


class ContractView(View):
    """One provider's contract in numbers, with the paths of its parts."""

    provider: str
    version: str
    operations: int
    errors: int
    rules: int
    document_path: str
    errors_path: str
    rules_path: str


class ContractsView(View):
    """Every contract that this server plays."""

    contracts: tuple[ContractView, ...]


class ErrorsView(View):
    """A provider's error table, row by row."""

    provider: str
    errors: tuple[ErrorCode, ...]


class RulesView(View):
    """The rules that OpenAPI cannot hold. ``order`` is that of the checks, ``retention`` what is kept for how long."""

    provider: str
    order: tuple[str, ...]
    rules: Mapping[str, tuple[Rule, ...]]
    retention: tuple[Rule, ...]


async def get_contracts(ask: Ask) -> ContractsView:
    """The contracts that this server plays."""
    loaded = [await _load(ask, provider.name) for provider in ask.house.providers]
    return ContractsView(contracts=tuple(map(_view, loaded)))


async def get_document(ask: Ask) -> Response:
    """A provider's OpenAPI document."""
    name = ask.provider(ask.path("provider")).name
    return Response(contract_text(name), media_type=YAML)


async def get_errors(ask: Ask) -> ErrorsView:
    """A provider's error table."""
    contract = await _load(ask, ask.path("provider"))
    return ErrorsView(provider=contract.provider, errors=tuple(contract.errors.values()))


async def get_rules(ask: Ask) -> RulesView:
    """A provider's rules across fields, files and time."""
    contract = await _load(ask, ask.path("provider"))
    return RulesView(
        provider=contract.provider, order=contract.order, rules=contract.rules, retention=contract.retention
    )


async def version_of(ask: Ask, name: str) -> str:
    """The version in a contract's document."""
    return _version(await _load(ask, name))


async def _load(ask: Ask, name: str) -> Contract:
    """Raises NotFound. The first reading of a document takes a while, which the event loop does not wait for."""
    provider = ask.provider(name)
    return await asyncio.to_thread(lambda: provider.contract)


def _version(contract: Contract) -> str:
    return cast(str, cast(Mapping[str, object], contract.document["info"])["version"])


def _view(contract: Contract) -> ContractView:
    path = f"{ROOT}/contracts/{contract.provider}"
    return ContractView(
        provider=contract.provider,
        version=_version(contract),
        operations=len(contract.operations),
        errors=len(contract.errors),
        rules=sum(map(len, contract.rules.values())),
        document_path=f"{path}.yaml",
        errors_path=f"{path}/errors",
        rules_path=f"{path}/rules",
    )


OPERATIONS = (
    Operation("GET", "/contracts", get_contracts),
    Operation("GET", "/contracts/{provider}.yaml", get_document, errors=(404,), content_type=YAML),
    Operation("GET", "/contracts/{provider}/errors", get_errors, errors=(404,)),
    Operation("GET", "/contracts/{provider}/rules", get_rules, errors=(404,)),
)
