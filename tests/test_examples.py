"""What somebody adds to the data breaks no test: the tests look at the examples only."""

import ast
from pathlib import Path

import pytest

from generator.load import load

from .examples import DATA, REAL, ROOT, SITES

TESTS = sorted(path for path in (ROOT / "tests").rglob("*.py") if path.name != "examples.py")


def test_the_examples_are_four_sites_whatever_others_there_are() -> None:
    assert sorted(path.stem for path in (DATA / "sites").iterdir()) == list(SITES)
    assert not (DATA / "observed").exists()


def test_the_data_as_they_are_can_be_loaded() -> None:
    assert load(REAL).catalogue.ports


def folders(tree: ast.AST) -> list[int]:
    """Return the lines that name the real data: `ROOT / "data"`, or a text that begins so."""
    return [
        node.lineno
        for node in ast.walk(tree)
        if isinstance(node, ast.BinOp)
        and isinstance(node.op, ast.Div)
        and isinstance(node.left, ast.Name)
        and node.left.id == "ROOT"
        and isinstance(node.right, ast.Constant)
        and str(node.right.value).split("/")[0] == "data"
    ]


@pytest.mark.parametrize("path", TESTS, ids=lambda path: str(path.relative_to(ROOT / "tests")))
def test_no_test_reads_the_data_themselves(path: Path) -> None:
    assert folders(ast.parse(path.read_text("utf-8"))) == []


def test_the_reader_of_tests_finds_the_data() -> None:
    assert folders(ast.parse('load(ROOT / "data")\nread(ROOT / "data/sites" / "x")')) == [1, 2]
    assert folders(ast.parse('TINY / "data"; ROOT / "docs"')) == []
