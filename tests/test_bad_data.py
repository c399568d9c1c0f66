"""Every message about wrong data, each from a folder with the mistake and `expected.txt`."""

import ast
import shutil
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from types import FrameType, ModuleType
from typing import Any

import pytest

from generator import characters, load, source
from generator.problems import DataError, Place, Problem
from generator.validate import (
    article,
    catalogue_rules,
    context,
    observed,
    site_balancers,
    site_hosts,
    site_rules,
    site_twice,
    structure,
)

from .conftest import CASES

BAD = sorted(path for path in (CASES / "bad").iterdir() if path.is_dir())


TOPOLOGY = CASES / "topology" / "ports.yaml"
"""The catalogue of the `site-*` folders, which have a topology only."""


def complaints(folder: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """Return what loading a wrong folder says, a line each, with paths within the folder."""
    with TemporaryDirectory() as temporary:
        if folder.name.startswith("site-"):
            copy = Path(temporary) / folder.name
            shutil.copytree(folder, copy)
            shutil.copy(TOPOLOGY, copy)
            folder = copy
        monkeypatch.chdir(folder)
        with pytest.raises(DataError) as caught:
            load.load(Path())
        monkeypatch.chdir(CASES)
    return "".join(f"{problem}\n" for problem in caught.value.problems)


@pytest.mark.parametrize("folder", BAD, ids=lambda folder: folder.name)
def test_says_what_is_wrong(
    folder: Path, monkeypatch: pytest.MonkeyPatch, expect: Callable[[Path, str], None]
) -> None:
    expect(folder / "expected.txt", complaints(folder, monkeypatch))


def test_good_data_has_no_problems() -> None:
    atlas = load.load(CASES / "good" / "teapot")
    assert list(atlas.catalogue.ports) == ["pot-tea"]
    assert [row.verdict for row in atlas.articles[0].rows] == ["as-printed", "rejected"]
    assert [page.path for page in atlas.pages] == ["index.md"]


# ---- no message without a case ------------------------------------------------------------

SPEAKING: tuple[ModuleType, ...] = (
    *(characters, source, structure, catalogue_rules, article, load),
    *(context, observed, site_rules, site_hosts, site_balancers, site_twice),
)
SPEAKERS = {"Problem", "problem", "_report", "unknown"}


def speaking_lines(module: ModuleType) -> Iterator[tuple[str, int]]:
    """Yield the line of each call that makes a problem."""
    text = Path(str(module.__file__)).read_text(encoding="utf-8")
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Call):
            name = getattr(node.func, "id", getattr(node.func, "attr", ""))
            if name in SPEAKERS:
                yield str(module.__file__), node.lineno


def test_every_message_has_a_case(monkeypatch: pytest.MonkeyPatch) -> None:
    """Load all cases and see that each rule, sentence and speaking line made a problem."""
    rules: set[str] = set()
    sentences: set[str] = set()
    lines: set[tuple[str, int]] = set()

    def heard_rule(rule: Callable[..., Iterator[Any]]) -> Callable[..., Iterator[Any]]:
        def run(data: Any) -> Iterator[Any]:
            for problem in rule(data):
                rules.add(rule.__name__)
                yield problem

        return run

    def heard_sentence(name: str, says: Callable[..., str]) -> Callable[..., str]:
        def run(*values: Any) -> str:
            sentences.add(name)
            return says(*values)

        return run

    def heard_problem(place: Place, message: str) -> Problem:
        frame: FrameType | None = sys._getframe(1)
        while frame is not None:
            lines.add((frame.f_code.co_filename, frame.f_lineno))
            frame = frame.f_back
        return Problem(place, message)

    all_rules = catalogue_rules._RULES
    all_sentences = structure._SENTENCES
    monkeypatch.setattr(catalogue_rules, "_RULES", tuple(map(heard_rule, all_rules)))
    monkeypatch.setattr(
        structure,
        "_SENTENCES",
        {name: heard_sentence(name, says) for name, says in all_sentences.items()},
    )
    for module in SPEAKING:
        monkeypatch.setattr(module, "Problem", heard_problem)
    for folder in BAD:
        complaints(folder, monkeypatch)

    assert rules == {rule.__name__ for rule in all_rules}
    assert sentences == set(all_sentences)
    silent = {line for module in SPEAKING for line in speaking_lines(module)} - lines
    assert not silent, f"no case makes these lines speak: {sorted(silent)}"
