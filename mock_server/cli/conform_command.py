"""``lipflap conform``: hold a server against a provider's contract."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from mock_server.cli.check_command import Token, Whose

EXAMPLES = """Hold a server against a provider's contract: the simulator, or the real service.

On a simulator everything is tried. Elsewhere only what costs nothing, unless --spend allows some submits.

Exit code 0 fine, 1 findings, 2 usage.

Examples:

    lipflap conform http://127.0.0.1:8787

    lipflap conform http://127.0.0.1:8787 --provider kling --check session-expiry --check time-units

    lipflap conform https://api-singapore.klingai.com --provider kling --key KEY --task 861204588231114752
"""
_Url = Annotated[str, typer.Argument(help="Where the server is.")]
_Provider = Annotated[Whose, typer.Option(help="Whose contract.")]
_Key = Annotated[str, typer.Option(envvar="LIPFLAP_KEY", help="The API key. A simulator needs none.")]
_OtherKey = Annotated[str, typer.Option(help="The key of another customer, who must see nothing.")]
_Spend = Annotated[
    int, typer.Option(min=0, metavar="N", help="How many submits may be paid for, identify-face included.")
]
_Task = Annotated[str, typer.Option(metavar="ID", help="An old finished task that may be read.")]
_Video = Annotated[str, typer.Option(metavar="URL", help="A video to spend on: 5 s or more, one face.")]
_Audio = Annotated[str, typer.Option(metavar="URL", help="Sound to spend on: 4 s or more.")]
_Account = Annotated[str, typer.Option(help="What GMI's log-in takes beside the key.")]
_Listen = Annotated[
    str, typer.Option(metavar="HOST:PORT", help="Where to take callbacks; a loopback simulator needs none.")
]
_Callback = Annotated[
    str, typer.Option(metavar="URL", help="How the server reaches that, where it is behind something.")
]
_Checks = Annotated[
    list[str] | None, typer.Option(metavar="NAME", help="Only these checks; repeatable. See docs/conform.md.")
]
_Examples = Annotated[int, typer.Option(min=1, metavar="N", help="How much is generated for each operation.")]
_Seed = Annotated[int, typer.Option(metavar="N", help="Same seed, same requests.")]
_Reports = Annotated[str, typer.Option(metavar="FORMS", help="terminal, junit, json, with commas between.")]
_Folder = Annotated[Path, typer.Option(metavar="DIR", help="Where reports go.")]


def conform(
    url: _Url,
    provider: _Provider = Whose.ALL,
    key: _Key = "",
    other_key: _OtherKey = "",
    spend: _Spend = 0,
    task: _Task = "",
    video: _Video = "",
    audio: _Audio = "",
    account: _Account = "",
    callback_listen: _Listen = "",
    callback_url: _Callback = "",
    check: _Checks = None,
    max_examples: _Examples = 6,
    seed: _Seed = 20261121,
    admin_token: Token = "",
    report: _Reports = "terminal",
    report_dir: _Folder = Path("lipflap-report"),
) -> None:
    """See EXAMPLES."""
    given = dict(locals())
    # hypothesis and what it brings along is an extra, and most commands do without the rest too
    from mock_server.cli.conforming import examine_server

    raise typer.Exit(examine_server(given))


conform.__doc__ = EXAMPLES
