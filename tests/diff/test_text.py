"""The text of a review: the same with and without colour, and whatever the hash seed."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from generator.examples.changes import change, review
from generator.export.diff_text import diff_text
from generator.rules.diff import RULES

from ..conftest import ROOT

COLOUR = re.compile(r"\x1b\[[0-9;]*m")


@pytest.mark.parametrize("rule", [rule.id for rule in RULES])
def test_colour_adds_nothing_that_a_sign_does_not_say(rule: str) -> None:
    found = review(change(rule, "wrong"))
    plain, coloured = (diff_text(found, colour=colour) for colour in (False, True))
    assert COLOUR.sub("", coloured) == plain
    assert coloured != plain
    assert "\x1b" not in plain


@pytest.mark.parametrize("rule", [rule.id for rule in RULES])
def test_the_verdict_is_first_and_every_rule_is_named(rule: str) -> None:
    found = review(change(rule, "wrong"))
    lines = diff_text(found).splitlines()
    assert lines[0].endswith(".")
    named = {match[1] for line in lines if (match := re.search(r"\[([a-z-]+)\]$", line))}
    told = {one.rule for one in found.changes} - {"inside-segment"}
    assert told <= named


def test_the_seed_of_hashes_changes_nothing(tmp_path: Path) -> None:
    before, after = tmp_path / "before", tmp_path / "after"
    one = change("renamed", "right")
    for folder, texts in ((before, one.before), (after, one.after)):
        for path, text in texts.items():
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / path).write_text(text, "utf-8")
    words = ["diff", str(before), str(after), "--format", "json"]
    outputs = {
        subprocess.run(
            [sys.executable, "-m", "generator", *words],
            cwd=ROOT,
            env={"PYTHONHASHSEED": seed, "PATH": ""},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("0", "1", "2")
    }
    assert len(outputs) == 1
