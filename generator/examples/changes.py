"""The examples of the rules of diff: a data folder, and two ways to edit it, wrong and right."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import PurePosixPath
from typing import Any

from generator.diff.compare import Side, compare
from generator.diff.judge import judge
from generator.diff.model import Review
from generator.examples.read import DAY, catalogue_text
from generator.problems import DataError
from generator.source import Document, parse
from generator.topology import Site
from generator.validate import catalogue as validate_catalogue
from generator.validate import site as validate_site

CATALOGUE = "ports.yaml"
SITE = "sites/example.yaml"

Folder = Mapping[str, str]
"""The files of a data folder by path, as they are written."""


@dataclass(frozen=True, slots=True)
class Example:
    """A data folder before and after an edit."""

    before: Folder
    after: Folder


@cache
def before() -> Folder:
    """Return the folder that every example edits."""
    site = files("generator.examples") / "diff" / SITE
    return {CATALOGUE: catalogue_text(), SITE: site.read_text(encoding="utf-8")}


@cache
def change(rule: str, name: str) -> Example:
    """Return an example of a rule, `wrong` or `right`."""
    path = files("generator.examples") / "diff" / f"{rule}.yaml"
    edits = _parsed(path.read_text(encoding="utf-8"), f"{rule}.yaml").data[name]
    after = dict(before())
    for edit in edits:
        _apply(after, edit)
    return Example(before(), after)


def _apply(folder: dict[str, str], edit: Mapping[str, Any]) -> None:
    """Replace a text that stands once in a file; or add, move or remove the file."""
    file = edit["file"]
    if edit.get("gone"):
        del folder[file]
    elif "moved" in edit:
        folder[edit["moved"]] = folder.pop(file)
    elif "old" not in edit:
        folder[file] = edit["new"]
    elif folder[file].count(edit["old"]) == 1:
        folder[file] = folder[file].replace(edit["old"], edit["new"])
    else:
        raise ValueError(f"{file}: does not have exactly once: {edit['old']}")


def review(example: Example) -> Review:
    """Return what an example's edit means."""
    return judge(compare(side("before", example.before), side("after", example.after)), today=DAY)


def side(name: str, folder: Folder) -> Side:
    """Read and validate a folder that is text only. Raises DataError."""
    catalogue, _, problems = validate_catalogue.read(_parsed(folder[CATALOGUE], CATALOGUE))
    sites: list[Site] = []
    for path in sorted(folder.keys() - {CATALOGUE}):
        document = _parsed(folder[path], path)
        site, found = validate_site.read(document, PurePosixPath(path).stem, catalogue)
        problems += found
        sites += [site] if site is not None else []
    if problems:
        raise DataError(problems)
    return Side(name, catalogue, tuple(sites))


def _parsed(text: str, name: str) -> Document:
    document, problems = parse(text.encode(), name)
    if document is None or problems:
        raise DataError(problems)
    return document
