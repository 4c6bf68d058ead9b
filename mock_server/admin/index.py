"""The page at ``/__lipflap/``: every operation in one list, without a script and without another server."""

from __future__ import annotations

import re
from collections.abc import Sequence
from html import escape

from mock_server._version import __version__
from mock_server.admin.operation import ROOT, Operation

_PAGE = """<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>lipflap {version}</title>
<style>
body {{ font: 16px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 60rem; padding: 0 1rem }}
td {{ padding: .2rem 1rem .2rem 0; vertical-align: top }}
td:nth-child(2) {{ font-family: ui-monospace, monospace; white-space: nowrap }}
</style>
<h1>lipflap {version}</h1>
<p>A stand-in for {providers}. <code>?key=YOUR_API_KEY</code> picks a tenant;
the details are in the <a href="{root}/openapi.json">OpenAPI document</a>.</p>
<table>
{rows}
</table>
</html>
"""


def index_page(operations: Sequence[Operation], providers: Sequence[str]) -> str:
    """HTML. What can be had by a plain GET is a link."""
    return _PAGE.format(
        version=escape(__version__),
        providers=escape(", ".join(providers)),
        root=ROOT,
        rows="\n".join(map(_row, operations)),
    )


def _row(operation: Operation) -> str:
    path = escape(operation.full_path)
    is_link = operation.method == "GET" and "{" not in path
    shown = f'<a href="{path}">{path}</a>' if is_link else path
    return f"<tr><td>{operation.method}<td>{shown}<td>{_marked(operation.summary)}"


def _marked(summary: str) -> str:
    """A line of a docstring as HTML: what stands between double backticks is code."""
    return re.sub(r"``(.+?)``", r"<code>\1</code>", escape(summary))
