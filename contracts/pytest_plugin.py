"""The pytest plugin ``lipflap``: fixtures, a marker, options, and what a failure and the end of a session say.

Nothing but pytest is loaded before a fixture is used: a session that needs no lip-sync pays nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from contracts.plugin.server import PluginServer
    from contracts.plugin.session import TestTenants
    from contracts.plugin.stepping import LipflapClock
    from contracts.plugin.tenant import Lipflap
    from contracts.witness.savings import Spending

MARKER = (
    "lipflap(fault=..., scenario=..., seed=..., pace=...): what goes wrong for the test's tenant; "
    "fault is one or a list of them, as in 'gateway-502-html@poll#2'"
)
_SPENT = "lipflap_spent"
spent_key: pytest.StashKey[list[Spending]] = pytest.StashKey()
tenants_key: pytest.StashKey[TestTenants] = pytest.StashKey()
has_passed_key: pytest.StashKey[bool] = pytest.StashKey()


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("lipflap", "a simulator of lip-sync APIs")
    group.addoption(
        "--lipflap-url", metavar="URL", help="use the server that runs there instead of one of our own"
    )
    group.addoption(
        "--lipflap-admin-token", metavar="TOKEN", default="", help="what that server's admin surface asks for"
    )
    group.addoption(
        "--lipflap-seed", metavar="N", type=int, default=0, help="ids and durations follow from it (0)"
    )
    group.addoption(
        "--lipflap-pace",
        metavar="PACE",
        default="quick",
        help="instant, quick (2-4 s), real (1-5 min) or polls:N",
    )
    group.addoption(
        "--lipflap-unused",
        choices=("fail", "ignore"),
        default="fail",
        help="what becomes of a test whose faults have not fired",
    )


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", MARKER)
    config.stash[spent_key] = []


@pytest.fixture(scope="session")
def lipflap_server(pytestconfig: pytest.Config) -> Iterator[PluginServer]:
    """The server of the session, or of one worker of pytest-xdist; override it for settings of your own."""
    from contracts.plugin.options import server_for

    with server_for(pytestconfig) as server:
        yield server


@pytest.fixture
def make_lipflap(
    lipflap_server: PluginServer, request: pytest.FixtureRequest
) -> Iterator[Callable[..., Lipflap]]:
    """Makes tenants: ``make_lipflap()``; with settings of ``lipflap serve`` on a server of its own."""
    from contracts.plugin.session import TestTenants

    node = request.node
    tenants = node.stash[tenants_key] = TestTenants(
        lipflap_server, node.nodeid, request.config.stash[spent_key]
    )
    try:
        yield lambda **settings: tenants.make(settings)
        unused = [] if request.config.getoption("--lipflap-unused") == "ignore" else tenants.unused_faults()
    finally:
        del node.stash[tenants_key]
        tenants.close()
    if unused and node.stash.get(has_passed_key, False):
        pytest.fail(f"these faults were to fire and have not: {', '.join(unused)}", pytrace=False)


@pytest.fixture
def lipflap(make_lipflap: Callable[..., Lipflap], request: pytest.FixtureRequest) -> Lipflap:
    """A fresh tenant, as the test's marker wants it."""
    from contracts.plugin import marker
    from contracts.witness.admin import AdminError

    tenant, reason = make_lipflap(), ""
    try:
        marker.grant(tenant, marker.wish_of(request.node.iter_markers("lipflap")))
    except (AdminError, ValueError) as wrong:
        reason = str(wrong)
    if reason:
        pytest.fail(reason, pytrace=False)
    return tenant


@pytest.fixture
def lipflap_clock(lipflap: Lipflap, request: pytest.FixtureRequest) -> Iterator[LipflapClock]:
    """Real waiting code in milliseconds: the client's clocks, sleeps and timeouts go with the server's clock."""
    from contracts.plugin.stepping import LipflapClock

    if lipflap.server.background is None:
        pytest.fail(
            "lipflap_clock needs a server in this process; without --lipflap-url there is one", pytrace=False
        )
    tenants = request.node.stash[tenants_key]
    with LipflapClock(lipflap.server.background, lipflap.key) as clock:
        for other in tenants.all:
            if other is not lipflap and other.server.background is not None:
                clock.join(other.server.background, other.key)
        tenants.clock = clock
        try:
            yield clock
        finally:
            tenants.clock = None


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    if call.when == "call":
        item.stash[has_passed_key] = report.passed
    tenants = item.stash.get(tenants_key, None)
    if report.failed and tenants is not None:
        report.sections.extend(tenants.timelines())
    return report


def pytest_sessionfinish(session: pytest.Session) -> None:
    output: dict[str, Any] | None = getattr(session.config, "workeroutput", None)
    if output is not None:
        spent = session.config.stash[spent_key]
        output[_SPENT] = [[one.currency, one.spent, one.renders, one.video_ms] for one in spent]


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any, error: object) -> None:  # noqa: ANN401, ARG001 - pytest-xdist's own type
    rows = getattr(node, "workeroutput", {}).get(_SPENT, [])
    if rows:
        from contracts.witness.savings import Spending

        node.config.stash[spent_key].extend(Spending(*row) for row in rows)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    spent = config.stash[spent_key]
    if spent:
        from contracts.witness.savings import sentence

        terminalreporter.write_line(f"lipflap: {sentence(spent)}")
