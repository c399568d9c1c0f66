"""An article document to an `Article`, its rows held against the catalogue."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from generator.article import Article, Row, Table
from generator.catalogue import Catalogue, Numbers
from generator.problems import Problem, quoted
from generator.source import Document, Path
from generator.validate.names import Names
from generator.validate.structure import check

_PRINTED = re.compile(r"([1-9][0-9]{0,4})(?:-([1-9][0-9]{0,4}))?")


@dataclass(frozen=True)
class _Data:
    document: Document
    catalogue: Catalogue
    names: Names

    def problem(self, path: Path, message: str) -> Problem:
        """Report at the value of a path."""
        return Problem(self.document.value_place(path), message)

    def unknown(self, path: Path, name: str | None, section: str) -> Iterator[Problem]:
        """Report a name that the catalogue does not have."""
        message = None if name is None else self.names.missing(section, name)
        if message is not None:
            yield self.problem(path, message)


def read(
    document: Document, article_id: str, catalogue: Catalogue, names: Names
) -> tuple[Article | None, list[Problem]]:
    """Return the article, or None and the problems; `names` are those of the catalogue."""
    problems, _ = check(document, "article")
    if problems:
        return None, problems
    data = _Data(document, catalogue, names)
    article = document.data
    problems += data.unknown(("source",), article["source"], "sources")
    tables: list[Table] = []
    for number, table in enumerate(article["tables"]):
        rows: list[Row] = []
        for index, row in enumerate(table["rows"]):
            path: Path = ("tables", number, "rows", index)
            numbers = _printed(row["cells"][0])
            if numbers is None:
                message = f"{quoted(row['cells'][0])} is no port number and no range"
                problems.append(data.problem((*path, "cells", 0), message))
                continue
            problems += _row_problems(data, path, row, len(table["columns"]))
            if row["verdict"] == "as-printed":
                problems += _differing(data, path, row["ports"], numbers)
            rows.append(_row(document, path, numbers, row))
        problems += _repeated(data, rows, number)
        tables.append(Table(table["title"], tuple(table["columns"]), tuple(rows)))
    made = Article(article_id, article["title"], article["source"], tuple(tables))
    return (None if problems else made), problems


def _printed(cell: str) -> Numbers | None:
    match = _PRINTED.fullmatch(cell)
    if match is None:
        return None
    numbers = Numbers(int(match[1]), int(match[2] or match[1]))
    rises = numbers.first < numbers.last or match[2] is None
    return numbers if rises and numbers.last <= 65535 else None


def _row(document: Document, path: Path, numbers: Numbers, data: Mapping[str, Any]) -> Row:
    _, table, _, row = path
    return Row(
        table=int(table) + 1,
        row=int(row) + 1,
        numbers=numbers,
        cells=tuple(data["cells"]),
        verdict=data["verdict"],
        ports=tuple(sorted(data["ports"])),
        reason=data.get("reason"),
        source=data.get("source"),
        place=document.place(path),
    )


def _row_problems(
    data: _Data, path: Path, row: Mapping[str, Any], columns: int
) -> Iterator[Problem]:
    verdict = row["verdict"]
    if len(row["cells"]) > columns:
        yield data.problem(
            (*path, "cells", columns), f"has more cells than the table has columns ({columns})"
        )
    for index, port in enumerate(row["ports"]):
        yield from data.unknown((*path, "ports", index), port, "ports")
    yield from data.unknown((*path, "source"), row.get("source"), "sources")
    lacks = [key for key in ("reason", "source") if key not in row]
    if verdict != "as-printed" and lacks:
        yield data.problem((*path, "verdict"), f"{verdict} needs a {' and a '.join(lacks)}")
    if (verdict == "rejected") == bool(row["ports"]):
        wants = "no port" if verdict == "rejected" else "the ports it became"
        yield data.problem((*path, "ports"), f"{verdict} needs {wants}")


def _differing(data: _Data, path: Path, ports: list[str], numbers: Numbers) -> Iterator[Problem]:
    for index, name in enumerate(ports):
        port = data.catalogue.ports.get(name)
        if port is not None and port.numbers != numbers:
            yield data.problem(
                (*path, "ports", index),
                f"{quoted(name)} is {port.numbers}, not {numbers} as printed; "
                "a row that changed is corrected",
            )


def _repeated(data: _Data, rows: list[Row], table: int) -> Iterator[Problem]:
    seen: set[Numbers] = set()
    for row in rows:
        if row.numbers in seen:
            yield data.problem(
                ("tables", table, "rows", row.row - 1, "cells", 0),
                f"{row.numbers} stands twice in this table",
            )
        seen.add(row.numbers)
