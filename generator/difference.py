"""What one change of the data did, in words; and how that is kept from one build to the next."""

import hashlib
import json
import os
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import asdict, dataclass
from functools import cache as once
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any, Literal


@dataclass(frozen=True, slots=True)
class Line:
    """One row of a change, in words; no address and no host name is among them.

    `others` is what else differs than number, encryption and requirement.
    """

    segments: str
    sign: str
    initiators: str
    listener: str
    port: str
    encryption: str
    requirement: str
    others: str
    rules: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SiteChange:
    """What became of one site; `kind` as in the diff. `more` counts lines that are left out."""

    site: str
    title: str
    kind: str
    lines: tuple[Line, ...]
    more: int


State = Literal["begins", "unreadable", "compared"]


@dataclass(frozen=True, slots=True)
class Difference:
    """What a change did: the first state of the data, one that cannot be read, or a comparison.

    `verdict` says it in a line. `more` counts sites that are left out.
    """

    state: State
    verdict: str
    sites: tuple[SiteChange, ...]
    more: int = 0


def key(before: str, after: str) -> str:
    """Return what the difference of two states is called, by what they are called."""
    return hashlib.sha256(f"{_stamp()} {before} {after}".encode()).hexdigest()[:32]


@once
def _stamp() -> str:
    """Return a name of the generator as it is: another one may see other differences."""
    found = hashlib.sha256()
    for name, content in sorted(_sources(files("generator"), "")):
        found.update(name.encode() + b"\0" + content + b"\0")
    return found.hexdigest()


def _sources(folder: Traversable, path: str) -> Iterator[tuple[str, bytes]]:
    for entry in folder.iterdir():
        name = f"{path}/{entry.name}"
        if entry.is_dir():
            yield from _sources(entry, name)
        elif name.endswith((".py", ".json")):
            yield name, entry.read_bytes()


def kept(path: Path) -> Difference | None:
    """Return what was kept, or None where nothing is, or nothing that can be read."""
    try:
        found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        sites = tuple(
            SiteChange(**{**site, "lines": tuple(map(_read_line, site["lines"]))})
            for site in found["sites"]
        )
        return Difference(found["state"], found["verdict"], sites, found["more"])
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _read_line(line: dict[str, Any]) -> Line:
    return Line(**{**line, "rules": tuple(line["rules"])})


def keep(path: Path, what: Difference) -> None:
    """Write what was found, at one stroke; a cache that cannot be written is none."""
    with suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
        partial = path.with_suffix(f".{os.getpid()}.part")
        partial.write_text(json.dumps(asdict(what)), encoding="utf-8")
        partial.replace(path)
