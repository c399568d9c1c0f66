"""What is wrong with the data: places, problems, and the one error that carries them.

Problems are values. Whoever finds one collects it; `DataError` leaves the loader once, with all
of them, and the command line prints a line each.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches


@dataclass(frozen=True, order=True, slots=True)
class Place:
    """A position in a data file; line and column count from 1."""

    file: str
    line: int
    column: int

    def __str__(self) -> str:
        return f"{_printable(self.file)}:{self.line}:{self.column}"


@dataclass(frozen=True, order=True, slots=True)
class Problem:
    """One thing wrong with the data, said in one line."""

    place: Place
    message: str

    def __str__(self) -> str:
        return f"{self.place}: {self.message}"


class DataError(Exception):
    """The data cannot be used; `problems` says why, sorted by place and without repetition."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(sorted(set(problems)))
        super().__init__("\n".join(map(str, self.problems)))


def nearest(name: str, known: Iterable[str]) -> str | None:
    """Return the known name that is most like a wrong one, if any is."""
    near = get_close_matches(name, sorted(known), n=1, cutoff=0.6)
    return near[0] if near else None


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """Return `; did you mean "…"?` with the nearest known name, or nothing if none is near."""
    near = nearest(name, known)
    return f"; did you mean {quoted(near)}?" if near else ""


def shown(value: object) -> str:
    """Show a value from the data within a message: on one line, shortened, nothing hidden."""
    text = " ".join(str(value).split())
    printable = _printable(text)
    return f"{printable[:57]}…" if len(printable) > 60 else printable


def _printable(text: str) -> str:
    return "".join(c if c.isprintable() else f"\\u{ord(c):04x}" for c in text)


def quoted(value: object) -> str:
    """Show a value as `shown` does, in quotes."""
    return f'"{shown(value)}"'
