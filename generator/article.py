"""The article that a catalogue starts from: each printed row, and what became of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from generator.catalogue import Catalogue, Numbers
from generator.problems import Place

Verdict = Literal["as-printed", "corrected", "rejected"]


@dataclass(frozen=True, slots=True)
class Row:
    """A printed row; `table` and `row` count from 1, `cells` are its lines without blank ones."""

    table: int
    row: int
    numbers: Numbers
    cells: tuple[str, ...]
    verdict: Verdict
    ports: tuple[str, ...]
    reason: str | None
    source: str | None
    place: Place


@dataclass(frozen=True, slots=True)
class Table:
    """A table of the article, with its rows in printed order."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Article:
    """An article; `id` is the name of its file, `source` its key in the catalogue."""

    id: str
    title: str
    source: str
    tables: tuple[Table, ...]

    @property
    def rows(self) -> tuple[Row, ...]:
        """All rows, in printed order."""
        return tuple(row for table in self.tables for row in table.rows)


def misprints(article: Article, catalogue: Catalogue) -> Mapping[Numbers, tuple[Row, ...]]:
    """Return the numbers that the article prints and no port has, with their rows."""
    real = {port.numbers for port in catalogue.ports.values()}
    wrong: dict[Numbers, tuple[Row, ...]] = {}
    for row in article.rows:
        if not any(row.numbers.overlaps(numbers) for numbers in real):
            wrong[row.numbers] = (*wrong.get(row.numbers, ()), row)
    return dict(sorted(wrong.items()))
