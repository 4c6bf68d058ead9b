"""Write the pages of ``docs/`` that follow from the code: the faults, the shipped scenarios, the scenario schema.

python scripts/make_docs.py           write them
python scripts/make_docs.py --check   exit code 1 where one of them is out of date
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from contracts.report.json import schema_text as report_schema_text
from mock_server.core.fault import Occasion
from mock_server.faults.catalogue import CATALOGUE
from mock_server.faults.described import DescribedFault, DescribedParam, all_described
from mock_server.faults.model import ALL_PROVIDERS, Layer
from mock_server.scenarios.library import all_scenarios
from mock_server.scenarios.model import Scenario
from mock_server.scenarios.schema import schema_text

DOCS = Path(__file__).resolve().parent.parent / "docs"
BEGIN, END = "<!-- begin: made by scripts/make_docs.py -->", "<!-- end -->"

LEFT_OUT: Mapping[str, str] = {}
"""Ids of the catalogue that are no fault here, each with the reason."""

LAYERS = {
    Layer.NETWORK: "What happens on the wire: the raw socket is really reset, starved or left alone, over TLS too.",
    Layer.HTTP: "What gateways, limits and caches put in the provider's place.",
    Layer.PAYLOAD: "What the provider's own JSON says, or fails to say.",
    Layer.ASYNC: "How a task goes, and what is known of it.",
    Layer.CALLBACK: "What happens to callbacks. They show only to a client that asks for them.",
    Layer.MEDIA: "What happens to the file of the result.",
    Layer.AUTH: "Who may do what, and since when.",
    Layer.ERROR: "Every row of the error tables, by name; `error:1302` means one by code. `@task` fails the job later.",
}

INTRODUCTION = """<!-- made by scripts/make_docs.py -->

# Faults

What real services did to their clients, on command. Each has an id for good, and
[six ways to ask for one](entrances.md) share one grammar. `lipflap faults` shows the same list in a terminal,
`lipflap faults --json` and `GET /__lipflap/faults/catalogue` give it to a program, and
`lipflap serve --scenario fault/ID` plays a whole scenario around one.

**Where** is the usual place and, behind `#`, which occasions are met there: `#2-4` is the second to the fourth of
each task (of each key, where there is no task yet), `#*` every one. Both can be told otherwise, as far as the fault
can act there. **Ends in** is what a good client ends with in an otherwise fine job: success, failure, or either.
Faults marked with a plug (🔌) act on the raw socket and are refused by an application that is called in process;
those marked with a globe (🌐) are felt by everybody on the server.
"""

COMMITS = """## Does the task exist?

A submit that went wrong may have made a task all the same, and a task costs money. For every fault that can act at
the submit this is fixed and tested. The first table has those whose usual place it is, the second those that can be
told to act there (`@submit`). `error:` rows make no task; with `@task` they do.
"""


def faults_page() -> str:
    """``docs/faults.md``."""
    rows = all_described(CATALOGUE)
    parts = [INTRODUCTION, _submit_section(rows)]
    for layer, says in LAYERS.items():
        of_layer = [row for row in rows if row.layer is layer]
        lines = "\n".join(_error_table(of_layer) if layer is Layer.ERROR else _table(of_layer))
        parts.append(f"## {layer.value.capitalize()}\n\n{says}\n\n{lines}\n")
    parts.append(_left_out())
    return "\n".join(parts)


def scenarios_page(text: str) -> str:
    """``docs/scenarios.md`` with its list of shipped scenarios renewed."""
    before, _, rest = text.partition(BEGIN)
    _, _, after = rest.partition(END)
    return f"{before}{BEGIN}\n\n{_shipped_table()}\n\n{END}{after}"


def pages() -> Iterator[tuple[Path, str]]:
    """Each page with what it should hold."""
    scenarios = DOCS / "scenarios.md"
    yield DOCS / "faults.md", faults_page()
    yield DOCS / "scenario.schema.json", schema_text()
    yield DOCS / "report.schema.json", report_schema_text()
    yield scenarios, scenarios_page(scenarios.read_text(encoding="utf-8"))


def _submit_section(rows: Iterable[DescribedFault]) -> str:
    """Which faults at the submit leave a task behind: the question of paying twice."""
    at_submit = [row for row in rows if row.commits is not None and row.layer is not Layer.ERROR]
    usual = [row for row in at_submit if row.operations[0] is Occasion.SUBMIT]
    others = [row for row in at_submit if row.operations[0] is not Occasion.SUBMIT]
    return "\n".join([COMMITS, *_commit_table(usual), "", *_commit_table(others), ""])


def _commit_table(rows: Iterable[DescribedFault]) -> Iterator[str]:
    yield "| fault | the submit makes a task | the server |"
    yield "| --- | --- | --- |"
    for row in rows:
        yield f"| `{row.id}` | {'**yes**' if row.commits else 'no'} | {_cell(row.says)} |"


def _table(rows: Iterable[DescribedFault]) -> Iterator[str]:
    yield "| fault | where | the server | a good client must | ends in | parameters | because |"
    yield "| --- | --- | --- | --- | --- | --- | --- |"
    for row in rows:
        cells = (
            f"`{row.id}`{_marks(row)}",
            f"`{row.operations[0]}#{row.window}`{_others(row)}",
            row.says + _notes(row),
            row.client_must,
            row.expected.value,
            "<br>".join(map(_param, row.params)),
            f"[{row.motive}]({row.link})" if row.link else row.motive,
        )
        yield "| " + " | ".join(map(_cell, cells)) + " |"


def _error_table(rows: Iterable[DescribedFault]) -> Iterator[str]:
    yield "| fault | providers | the server | advice | ends in |"
    yield "| --- | --- | --- | --- | --- |"
    for row in rows:
        cells = (f"`{row.id}`", ", ".join(row.providers), row.says, row.client_must, row.expected.value)
        yield "| " + " | ".join(map(_cell, cells)) + " |"


def _marks(row: DescribedFault) -> str:
    return (" 🔌" if row.needs_socket else "") + (" 🌐" if row.is_server_wide else "")


def _others(row: DescribedFault) -> str:
    others = f"<br>or {', '.join(row.operations[1:])}" if row.operations[1:] else ""
    few = "" if set(row.providers) == set(ALL_PROVIDERS) else f"<br>only {', '.join(row.providers)}"
    return others + few


def _notes(row: DescribedFault) -> str:
    return "".join(f"<br>{provider}: {note}" for provider, note in row.notes.items())


def _param(param: DescribedParam) -> str:
    if param.choices:
        bounds = f": {', '.join(param.choices)}"
    elif param.low is not None and param.high is not None:
        bounds = f", {param.low:g} to {param.high:g}"
    else:
        bounds = ""
    return f"`{param.name}={param.default}` {param.says}{bounds}"


def _left_out() -> str:
    reasons = [f"- `{fault_id}`: {reason}" for fault_id, reason in LEFT_OUT.items()]
    return "\n".join(["## Left out\n", *(reasons or ["None of the catalogue's ids is left out."]), ""])


def _shipped_table() -> str:
    lines = ["| scenario | what happens | a good client ends in |", "| --- | --- | --- |"]
    for scenario in all_scenarios(CATALOGUE):
        if not scenario.name.startswith(("fault/", "error/")):
            cells = (f"`{scenario.name}`", _linked(scenario), scenario.expect.outcome.value)
            lines.append("| " + " | ".join(map(_cell, cells)) + " |")
    return "\n".join(lines)


def _linked(scenario: Scenario) -> str:
    return f"[{scenario.title}]({scenario.link})" if scenario.link else scenario.title


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")


def main(words: list[str]) -> int:
    """The exit code."""
    stale = [(path, text) for path, text in pages() if not path.exists() or path.read_text("utf-8") != text]
    for path, text in stale:
        if "--check" in words:
            print(f"{path.name} is out of date: python scripts/make_docs.py", file=sys.stderr)
        else:
            path.write_text(text, encoding="utf-8")
            print(f"{path.name} written")
    return 1 if stale and "--check" in words else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
