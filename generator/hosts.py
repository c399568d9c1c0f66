"""Host patterns: `emea[01:20].example.com` stands for twenty names, in Ansible's notation.

A pattern is kept as it is written; it is expanded only where single machines are asked for.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import product
from math import prod

MOST = 65536
"""Machines that one pattern may stand for; more is a slip of the keyboard."""

_RANGE = re.compile(r"\[(\d{1,9}):(\d{1,9})\]")


@dataclass(frozen=True, order=True, slots=True)
class Pattern:
    """A name or address with ranges of numbers in it; `[01:20]` keeps the leading zero."""

    text: str

    @property
    def size(self) -> int:
        """How many it stands for, without expanding it."""
        return prod(len(numbers) for _, numbers in self._ranges())

    @property
    def ends(self) -> tuple[str, str]:
        """The first and the last that it stands for."""
        if "[" not in self.text:
            return self.text, self.text
        return self._pick(0), self._pick(-1)

    def __iter__(self) -> Iterator[str]:
        """Yield everything that it stands for, in order."""
        literals = _RANGE.split(self.text)[::3]
        shown = [[f"{n:0{width}}" for n in numbers] for width, numbers in self._ranges()]
        for chosen in product(*shown):
            pairs = zip(literals, (*chosen, ""), strict=True)
            yield "".join(literal + number for literal, number in pairs)

    def __str__(self) -> str:
        return self.text

    def _ranges(self) -> list[tuple[int, range]]:
        """Return each range with the width to which its numbers are filled up."""
        return [
            (len(first) if first.startswith("0") else 0, range(int(first), int(last) + 1))
            for first, last in _RANGE.findall(self.text)
        ]

    def _pick(self, index: int) -> str:
        numbers = iter(self._ranges())

        def one(_: re.Match[str]) -> str:
            width, found = next(numbers)
            return f"{found[index]:0{width}}"

        return _RANGE.sub(one, self.text)


def wrong(text: str) -> str | None:
    """Return what is wrong with a pattern, or None."""
    if "[" not in text and "]" not in text:
        return None
    if re.search(r"[\[\]]", _RANGE.sub("", text)):
        return "a range is written [01:20]"
    for first, last in _RANGE.findall(text):
        if int(first) > int(last):
            return f"[{first}:{last}] falls: write the lower number first"
    size = Pattern(text).size
    return f"stands for {size:,} hosts; {MOST:,} are the most" if size > MOST else None


_IN_ADDRESS = re.compile(r"([0-9]+\.[0-9]+\.[0-9]+\.)([0-9]{1,9})((?: .*)?)")
_IN_NAME = re.compile(r"([^. ]*?)([0-9]{1,9})([^0-9. ]*(?:[. ].*)?)")


def fold(texts: Iterable[str]) -> tuple[str, ...]:
    """Return the patterns that stand for exactly these names or addresses, sorted by value.

    What counts is the last number of the host's own name, or of an IPv4 address.
    """
    alone: list[str] = []
    runs: dict[tuple[str, str], list[tuple[int, str]]] = {}
    for one in sorted(set(texts)):
        found = _IN_ADDRESS.fullmatch(one) or _IN_NAME.fullmatch(one)
        if found:
            runs.setdefault((found[1], found[3]), []).append((int(found[2]), found[2]))
        else:
            alone.append(one)
    for (before, after), numbers in runs.items():
        alone += [f"{before}{shown}{after}" for shown in _ranges_of(sorted(numbers))]
    return tuple(sorted(alone))


def _ranges_of(numbers: list[tuple[int, str]]) -> Iterator[str]:
    """Yield each number, or `[first:last]` where several follow one another."""
    start = 0
    for at in range(1, len(numbers) + 1):
        first, last = numbers[start][1], numbers[at - 1]
        width = len(first) if first.startswith("0") else 0
        following = (last[0] + 1, f"{last[0] + 1:0{width}}")
        if at < len(numbers) and numbers[at] == following:
            continue
        yield first if at == start + 1 else f"[{first}:{last[1]}]"
        start = at
