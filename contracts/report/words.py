"""The words that every report uses: durations, shares, and how a client ended."""

from __future__ import annotations

from contracts.cells.result import Cell, Coverage, Run
from contracts.witness.witnessed import Outcome

PROVIDERS = {"kling": "Kling", "gmi": "GMI Cloud", "kirin": "Kirin"}
_EXPECTED = {
    "success": "A good client ends in success.",
    "failure": "A good client ends in failure, and says why.",
    "either": "A good client may end in success or in failure, and tells which.",
}
_SECOND, _MINUTE, _HOUR = 1_000, 60_000, 3_600_000


def provider_name(provider: str) -> str:
    return PROVIDERS.get(provider, provider)


def lasted(ms: int) -> str:
    """``350 ms``, ``4.5 s``, ``12 s``, ``1 min 20 s``, ``10 min``, ``2 h 5 min``."""
    if ms < _SECOND:
        return f"{ms} ms" if ms else "0 s"
    if ms < 10 * _SECOND:
        return f"{round(ms / _SECOND, 1):g} s"
    seconds = round(ms / _SECOND)
    if seconds < 60:
        return f"{seconds} s"
    if ms < _HOUR:
        return _both(seconds // 60, "min", seconds % 60, "s")
    return _both(ms // _HOUR, "h", ms % _HOUR // _MINUTE, "min")


def _both(large: int, large_unit: str, small: int, small_unit: str) -> str:
    return f"{large} {large_unit} {small} {small_unit}" if small else f"{large} {large_unit}"


def percent(share: float) -> str:
    """Rounded down, so that 100 % means all."""
    return f"{int(share * 100 + 1e-9)} %"


def counted(number: int, noun: str) -> str:
    """``1 scenario``, ``3 scenarios``."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def survived(run: Run) -> int:
    return sum(cell.is_green for cell in run.cells)


def survival(run: Run) -> str:
    """``16 of 20 scenarios survived``; a scenario counts once for each provider."""
    return f"{survived(run)} of {counted(len(run.cells), 'scenario')} survived"


def where(run: Run) -> str:
    """``Kling``, ``Kling and GMI Cloud``: the providers of a run."""
    names = [provider_name(name) for name in dict.fromkeys(cell.provider for cell in run.cells)]
    return " and ".join([", ".join(names[:-1]), names[-1]]) if len(names) > 1 else "".join(names)


def expectation(cell: Cell) -> str:
    return _EXPECTED.get(cell.expected, f"A good client ends in {cell.expected}.")


def ending(outcome: Outcome) -> str:
    """How the client ended, in a sentence."""
    after = f"after {lasted(outcome.took_ms)}"
    if outcome.is_killed:
        return f"It was still at work when its time was up, and was killed {after}; {_output(outcome)}."
    if outcome.exit_code is None:
        return f"It has no exit code; {_output(outcome)}."
    belief = "success" if outcome.believes_success else "failure"
    return f"It ended with exit code {outcome.exit_code} ({belief}) {after}; {_output(outcome)}."


def _output(outcome: Outcome) -> str:
    if outcome.output_bytes is None:
        return "it left no file"
    return f"it left a file of {outcome.output_bytes:,} bytes".replace(",", "\u202f")


def coverage_words(provider: str, coverage: Coverage) -> str:
    """``Kling: 31 of 44 documented outcomes met (70 %)``."""
    met = len(set(coverage.met) & set(coverage.known))
    share = percent(coverage.share)
    return f"{provider_name(provider)}: {met} of {len(coverage.known)} documented outcomes met ({share})"


def unmet(coverage: Coverage) -> tuple[str, ...]:
    met = set(coverage.met)
    return tuple(name for name in coverage.known if name not in met)
