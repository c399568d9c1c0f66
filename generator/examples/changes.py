"""The examples of the rules of diff: a data folder, and two ways to edit it, wrong and right."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import unified_diff
from functools import cache
from importlib.resources import files
from pathlib import PurePosixPath
from typing import Any

from generator.catalogue import Catalogue
from generator.diff.compare import Side, compare
from generator.diff.judge import judge
from generator.diff.policy_entries import stricter
from generator.diff.review import Review
from generator.examples.read import DAY, catalogue_text
from generator.policy import Policy
from generator.problems import DataError
from generator.rules.every import every
from generator.source import Document, parse
from generator.topology import Site
from generator.validate import catalogue as validate_catalogue
from generator.validate import policy as validate_policy
from generator.validate import site as validate_site

CATALOGUE = "ports.yaml"
POLICY = "policy.yaml"
SITE = "sites/example.yaml"

CONTEXT = 2
"""Lines around an edit that are shown as well."""

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


def edit(one: Example) -> Iterator[str]:
    """Yield the edit as git would show it."""
    moved = _moved(one)
    if moved is not None:
        yield from (f"rename from {moved[0]}", f"rename to {moved[1]}")
        return
    for path in sorted(one.before.keys() | one.after.keys()):
        old, new = one.before.get(path), one.after.get(path)
        if old != new:
            yield from unified_diff(
                (old or "").splitlines(),
                (new or "").splitlines(),
                path if old is not None else "/dev/null",
                path if new is not None else "/dev/null",
                lineterm="",
                n=CONTEXT,
            )


def _moved(one: Example) -> tuple[str, str] | None:
    gone, come = one.before.keys() - one.after.keys(), one.after.keys() - one.before.keys()
    for old in gone:
        for new in come:
            if one.before[old] == one.after[new]:
                return old, new
    return None


def review(example: Example) -> Review:
    """Return what an example's edit means."""
    before, after = side("before", example.before), side("after", example.after)
    return judge(compare(before, after), stricter(before.policy, after.policy), DAY)


def side(name: str, folder: Folder) -> Side:
    """Read and validate a folder that is text only. Raises DataError."""
    text = folder[CATALOGUE]
    paths = sorted(folder.keys() - {CATALOGUE, POLICY})
    sites = tuple(_site(text, path, folder[path]) for path in paths)
    return Side(name, _catalogue(text), sites, _policy(folder.get(POLICY)))


def _policy(text: str | None) -> Policy:
    if text is None:
        return Policy()
    policy, problems = validate_policy.read(_parsed(text, POLICY), every())
    if problems:
        raise DataError(problems)
    return policy


@cache
def _catalogue(text: str) -> Catalogue:
    catalogue, _, problems = validate_catalogue.read(_parsed(text, CATALOGUE))
    if problems:
        raise DataError(problems)
    return catalogue


@cache
def _site(catalogue: str, path: str, text: str) -> Site:
    name = PurePosixPath(path).stem
    site, problems = validate_site.read(_parsed(text, path), name, _catalogue(catalogue))
    if site is None:
        raise DataError(problems)
    return site


def _parsed(text: str, name: str) -> Document:
    document, problems = parse(text.encode(), name)
    if document is None or problems:
        raise DataError(problems)
    return document
