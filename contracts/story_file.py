"""A story as a file: a scenario that ``serve --scenario`` and ``replay`` take, with what it is about in its head."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

import msgspec
import yaml

from contracts.contract import PROVIDERS
from contracts.fuzz import Found
from contracts.stories.story import Story, story_of
from contracts.witness.scenario import Facts
from contracts.witness.usage import UsageError

GROUP = "found"
_LONGEST_TITLE, _LONGEST_TEXT = 200, 2_000
_WIDTH = 110


def name_of(found: Found) -> str:
    """The same for the same check at the same provider: a shorter story takes the place of a longer one."""
    return f"{GROUP}/{found.story.provider}-{found.check}"


def file_name_of(found: Found) -> str:
    return f"{found.story.provider}-{found.check}.yaml"


def text_of(found: Found, catalogue: Mapping[str, Facts], seed: int) -> str:
    """YAML. The comments say what it does to the client; ``seed`` is that of the campaign which found it."""
    findings = found.findings
    title = findings[0] if findings else f"a story that breaks {found.check}"
    body = {
        **found.story.body(name_of(found), title[:_LONGEST_TITLE]),
        "says": " ".join(found.story.told(catalogue))[:_LONGEST_TEXT],
        "motive": f"Found by lipflap fuzz with seed {seed}.",
    }
    plain = yaml.safe_dump(body, sort_keys=False, allow_unicode=True, width=_WIDTH)
    return "".join(f"# {line}\n" for line in _head(found)) + plain


def _head(found: Found) -> Iterator[str]:
    yield "The shortest story that was found to break a client. It did wrong:"
    yield from (" ".join(finding.split()) for finding in found.findings)
    if not found.is_sure:
        yield "It does not break the client every time."


def save(found: Found, folder: Path, catalogue: Mapping[str, Facts], seed: int) -> Path:
    """Write the file, and make the folder if need be. Raises OSError."""
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / file_name_of(found)
    file.write_text(text_of(found, catalogue, seed), encoding="utf-8")
    return file


def read_story(file: Path, provider: str) -> Story:
    """The story of a scenario file, YAML or JSON. Raises UsageError for one that no story can tell."""
    try:
        body = msgspec.convert(yaml.safe_load(file.read_text(encoding="utf-8")), dict[str, object])
        story = story_of(body, provider)
        for event in story.events:
            assert event.row
    except KeyError as fault:
        raise UsageError(f"{file}: {fault} is in no story") from fault
    except (OSError, UnicodeError, yaml.YAMLError, ValueError) as fault:
        raise UsageError(f"cannot read a story from {file}: {' '.join(str(fault).split())}") from fault
    if story.provider not in PROVIDERS:
        raise UsageError(f"{file}: {story.provider} is no provider")
    return story
