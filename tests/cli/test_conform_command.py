"""``lipflap conform``."""

from __future__ import annotations

import json
import sys

CHEAP = ("--check", "documented-errors", "--check", "session-expiry", "--check", "drift")


def test_a_simulator_is_examined_for_all_providers(lipflap, serve, tmp_path) -> None:
    url = serve().url
    done = lipflap("conform", url, *CHEAP, "--report", "terminal,json,junit", "--report-dir", "out")
    assert done.returncode == 0, done.stdout + done.stderr
    for provider in ("kirin", "gmi", "kling"):
        assert f"{provider:<6} pass     session-expiry" in done.stderr
        assert f"{provider} at {url}, a simulator" in done.stdout
    written = json.loads((tmp_path / "out" / "conform.json").read_bytes())
    assert [report["provider"] for report in written["reports"]] == ["kirin", "gmi", "kling"]
    assert (tmp_path / "out" / "conform.xml").exists()


def test_a_fault_is_a_finding_and_other_checks_go_on(lipflap, serve) -> None:
    url = serve("--fault", "terminal-regress").url
    checks = ("--check", "terminal-final", "--check", "any-input")
    done = lipflap("conform", url, "--provider", "kling", "--max-examples", "1", *checks)
    assert done.returncode == 1, done.stdout + done.stderr
    assert (
        "terminal-final: the server does not keep this: it leaves a task that has ended as it is"
        in done.stdout
    )
    assert "had ended as succeed and changed afterwards: status 'succeed' became 'processing'" in done.stdout
    assert "kling  pass     any-input" in done.stderr


def test_mistakes_are_one_line(lipflap, serve) -> None:
    url = serve().url
    for words, says in (
        (("http://127.0.0.1:9",), "nobody answers at http://127.0.0.1:9"),
        ((url, "--check", "no-such"), "no check is called 'no-such'; there are documented-errors"),
        ((url, "--report", "pdf"), "--report must be among terminal, junit, json, not 'pdf'"),
    ):
        done = lipflap("conform", *words)
        assert (done.returncode, done.stdout) == (2, "")
        assert says in done.stderr
        assert len(done.stderr.splitlines()) == 1


def test_another_server_must_be_named_with_its_provider_and_a_key(lipflap, serve, tmp_path) -> None:
    # a path in front hides the admin surface, as a stranger's server has none
    url = f"{serve().url}/v1"
    assert "say whose contract it is to keep, by --provider" in lipflap("conform", url).stderr
    done = lipflap("conform", url, "--provider", "kling")
    assert done.returncode == 2
    assert "it needs a key" in done.stderr


def test_without_the_extra_one_line_says_what_to_install(lipflap, serve, tmp_path) -> None:
    (tmp_path / "sitecustomize.py").write_text(
        "import importlib.util as util\n"
        "found = util.find_spec\n"
        "util.find_spec = lambda name, *more: None if name == 'schemathesis' else found(name, *more)\n"
    )
    url = serve().url
    paths = ":".join([str(tmp_path), *filter(None, sys.path)])
    done = lipflap("conform", url, PYTHONPATH=paths)
    assert done.returncode == 2
    assert "conform needs schemathesis: pip install 'lipflap[fuzz]'" in done.stderr
    assert len(done.stderr.splitlines()) == 1
    done = lipflap("conform", url, "--check", "documented-errors", PYTHONPATH=paths)
    assert done.returncode == 0, done.stderr
