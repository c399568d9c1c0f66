"""Pairs of data folders, before and after, and what is expected of their difference.

`tests/cases/diff/` has the traps, a folder each; a side without `ports.yaml` has the made-up
product of the rules' examples. The rules themselves have their examples: what is wrong there is
expected in `tests/cases/diff-rules/`.
"""

import json
from collections.abc import Callable
from pathlib import Path

import jsonschema_rs
import pytest

from generator.examples.changes import CATALOGUE, Example, before, change, review
from generator.export.diff_json import document
from generator.rules.diff import RULES
from generator.validate.structure import schema_text

from ..conftest import CASES

TRAPS = sorted((CASES / "diff").iterdir())
IDS = [rule.id for rule in RULES]


def example(case: Path) -> Example:
    sides = [
        {CATALOGUE: before()[CATALOGUE]}
        | {
            path.relative_to(case / side).as_posix(): path.read_text("utf-8")
            for path in sorted((case / side).rglob("*.yaml"))
        }
        for side in ("before", "after")
    ]
    return Example(*sides)


def text(one: Example) -> str:
    """Return what a program gets, whole for the judged changes, short for the flows."""
    found = document(review(one))
    jsonschema_rs.Draft202012Validator(json.loads(schema_text("diff"))).validate(found)
    for site in found["sites"]:
        for flow in site["flows"]:
            flow["before"] = flow["before"] and flow["before"]["id"]
            flow["after"] = flow["after"] and flow["after"]["id"]
        if site["kind"] in ("added", "removed"):
            site["flows"] = len(site["flows"])
    return json.dumps(found, indent=1) + "\n"


@pytest.mark.parametrize("case", TRAPS, ids=lambda case: case.name)
def test_trap(case: Path, expect: Callable[[Path, str], None]) -> None:
    expect(case / "expected.json", text(example(case)))


@pytest.mark.parametrize("rule", IDS)
def test_rule(rule: str, expect: Callable[[Path, str], None]) -> None:
    one = change(rule, "wrong")
    assert rule in {found.rule for found in review(one).changes}
    expect(CASES / "diff-rules" / f"{rule}.json", text(one))


@pytest.mark.parametrize("rule", IDS)
def test_the_right_edit_breaks_no_such_rule(rule: str) -> None:
    one = change(rule, "right")
    assert one.before != one.after
    assert rule not in {found.rule for found in review(one).changes}


@pytest.mark.parametrize("rule", [rule.id for rule in RULES if rule.severity == "error"])
def test_the_right_edit_of_an_error_ends_in_none(rule: str) -> None:
    assert "error" not in {found.severity for found in review(change(rule, "right")).changes}


def test_no_example_is_of_no_rule() -> None:
    expected = {path.stem for path in (CASES / "diff-rules").iterdir()}
    assert expected == set(IDS)


@pytest.mark.parametrize("name", ["reordering", "comments-only"])
def test_what_says_the_same_is_no_difference(name: str) -> None:
    found = review(example(CASES / "diff" / name))
    assert (found.diff.sites, found.diff.catalogue, found.changes) == ((), (), ())


@pytest.mark.parametrize(
    "name",
    [
        "file-moved",
        "host-renamed",
        "segment-renamed",
        "zone-renamed",
        "role-renamed",
        "port-renamed",
    ],
)
def test_what_is_called_otherwise_is_one_rename(name: str) -> None:
    found = review(example(CASES / "diff" / name))
    assert {one.rule for one in found.changes} == {"renamed"}
    assert not found.diff.changes_flows


@pytest.mark.parametrize("case", TRAPS, ids=lambda case: case.name)
def test_a_fingerprint_does_not_depend_on_lines(case: Path) -> None:
    one = example(case)
    moved = Example(
        {path: f"# One more line.\n{content}" for path, content in one.before.items()},
        {path: f"# And\n# two here.\n{content}" for path, content in one.after.items()},
    )
    prints = [{c.fingerprint for c in review(each).changes} for each in (one, moved)]
    assert prints[0] == prints[1]
