"""Nobody is named twice: the names and addresses of a site, compared without expanding them all."""

import re
from collections.abc import Iterator
from ipaddress import IPv4Address, IPv6Address, ip_address
from typing import NamedTuple

from generator.hosts import Pattern
from generator.problems import Problem, quoted
from generator.source import Path
from generator.validate.context import Context

_DIGITS = re.compile(r"[0-9]+")


class Written(NamedTuple):
    """A pattern where it stands, with its bounds: two patterns that share one overlap in each.

    `kind` and the number of `bounds` are equal for all that it stands for; of addresses, `version`
    is that of IP and the one bound is their value.
    """

    path: Path
    pattern: Pattern
    kind: str
    bounds: tuple[tuple[int, int], ...]
    version: int | None = None

    @classmethod
    def of(cls, path: Path, pattern: Pattern) -> "Written":
        """Find the bounds of a pattern by its ends, without expanding it."""
        first, last = pattern.ends
        if (low := _address(first)) and (high := low if last == first else _address(last)):
            return cls(path, pattern, f"IPv{low.version}", ((int(low), int(high)),), low.version)
        # Whatever its ranges stand for, a name differs only in its numbers.
        runs = (map(int, _DIGITS.findall(end)) for end in (first, last))
        kind = _DIGITS.sub("0", first.lower())
        return cls(path, pattern, kind, tuple(zip(*runs, strict=True)))

    def each(self) -> Iterator[tuple[str, str]]:
        """Yield everything that it stands for, as written and as compared."""
        for one in self.pattern:
            yield one, str(ip_address(one)) if self.version else one.lower()


def _address(text: str) -> IPv4Address | IPv6Address | None:
    if ":" not in text and not text.replace(".", "").isdigit():
        return None  # a name, plainly: to try costs more than all else here
    try:
        return ip_address(text)
    except ValueError:
        return None


def problems(context: Context, written: list[Written]) -> Iterator[Problem]:
    """Yield what is named twice; only patterns whose bounds meet are expanded."""
    kinds: dict[str, list[Written]] = {}
    for one in written:
        kinds.setdefault(one.kind, []).append(one)
    for same in kinds.values():
        for together in _meeting(same, 0):
            if len(together) > 1:
                yield from _shared(context, sorted(together, key=_order))


def _meeting(some: list[Written], index: int) -> Iterator[list[Written]]:
    """Yield patterns in sets that have a gap between them in one of their bounds."""
    if len(some) < 2 or index == len(some[0].bounds):
        yield some
        return
    together: list[Written] = []
    highest = -1
    for one in sorted(some, key=lambda one: one.bounds[index]):
        low, high = one.bounds[index]
        if together and low > highest:
            yield from _meeting(together, index + 1)
            together = []
        together.append(one)
        highest = max(highest, high)
    yield from _meeting(together, index + 1)


def _order(one: Written) -> tuple[str, ...]:
    return tuple(map(str, one.path))


def _shared(context: Context, some: list[Written]) -> Iterator[Problem]:
    seen: dict[str, Written] = {}
    for written in some:
        for one, compared in written.each():
            other = seen.setdefault(compared, written)
            if other is not written:
                group = other.path[1]
                where = f"in {quoted(group)} already" if group != written.path[1] else "here twice"
                text = written.pattern.text
                of = one if one == text else f"{one} of {quoted(text)}"
                yield context.problem(written.path, f"{of} is {where}")
                break
