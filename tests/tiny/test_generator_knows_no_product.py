"""Neither a name nor a number of a product is in the generator."""

import ast
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from generator.load import load

from ..examples import DATA, ROOT
from .test_another_product import FOREIGN

GENERATOR = ROOT / "generator"
FILES = sorted(path for path in GENERATOR.rglob("*") if path.suffix in (".py", ".json", ".yaml"))

OWN = {("build.py", 8000)}
"""The number on which the preview is served, which is MkDocs' own default."""

EXAMPLES = {"description", "x-says"}
"""Keys of a schema whose text is for people."""


def catalogue_numbers() -> set[int]:
    """Return the numbers of the product's ports; a well-known one may be any number at all."""
    ports = load(DATA).catalogue.ports.values()
    every = {n for p in ports for n in range(p.numbers.first, p.numbers.last + 1)}
    return {number for number in every if number > 1023}


def literals(path: Path) -> Iterator[object]:
    """Yield every value that is written in a file, without what is only there to be read."""
    text = path.read_text("utf-8")
    if path.suffix in (".json", ".yaml"):
        yield from _values(json.loads(text) if path.suffix == ".json" else yaml.safe_load(text))
        return
    tree = ast.parse(text)
    docstrings = {
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    }
    shown = {
        constant
        for node in ast.walk(tree)
        if isinstance(node, ast.keyword) and node.arg in ("epilog", "help")
        for constant in ast.walk(node.value)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and node not in docstrings | shown:
            yield node.value


def _values(data: Any) -> Iterator[object]:
    if isinstance(data, dict):
        for key, value in data.items():
            if key not in EXAMPLES:
                yield from (key, *_values(value))
    elif isinstance(data, list):
        for value in data:
            yield from _values(value)
    else:
        yield data


def numbers_in(value: object) -> set[int]:
    if isinstance(value, int):
        return {value}
    return {int(n) for n in re.findall(r"\d{4,5}", value)} if isinstance(value, str) else set()


def test_there_are_files_to_look_at() -> None:
    assert {".py", ".json", ".yaml"} == {path.suffix for path in FILES}
    assert {8443, 5446, 5449, 7800} <= catalogue_numbers()
    command = GENERATOR / "commands" / "build.py"
    assert 8000 in {n for value in literals(command) for n in numbers_in(value)}


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(GENERATOR).as_posix())
def test_no_product_is_known(path: Path) -> None:
    text = path.read_text("utf-8")
    named = FOREIGN.search(text)
    assert not named, f"{named[0]} in line {text.count(chr(10), 0, named.start()) + 1}"
    known = {n for value in literals(path) for n in numbers_in(value)} & catalogue_numbers()
    assert {(path.name, number) for number in known} <= OWN
