"""Bytes to text in which everything can be seen: UTF-8, and no invisible characters.

A character that shows nothing, or that changes what its neighbours show, would make a file say
something else to a program than to the person who reviews it, in comments too.
"""

import re
import unicodedata
from collections.abc import Iterator

from generator.problems import Place, Problem

_LINE_BREAKS = frozenset("\r\x85\u2028\u2029")
"""Characters that end a line for YAML, and for few who read the file."""

_SUSPECT = re.compile(r"[^\n\t\x20-\x7e]")


def decode(text: bytes, file: str) -> tuple[str | None, list[Problem]]:
    """Return the text without byte order mark, or None where it is not UTF-8, and what is wrong."""
    try:
        decoded = text.decode("utf-8").removeprefix("\ufeff")
    except UnicodeDecodeError as error:
        before = text[: error.start].decode("utf-8").removeprefix("\ufeff")
        return None, [Problem(_place(file, before, len(before)), "is not UTF-8 text")]
    return decoded, list(_hidden(decoded, file))


def odd_line_break(text: str) -> bool:
    """Tell whether YAML would count other lines than everybody else."""
    return not _LINE_BREAKS.isdisjoint(text.replace("\r\n", "\n"))


def invisible(text: str) -> str | None:
    """Return the first character that shows nothing, or changes what its neighbours show."""
    return next(filter(_is_invisible, _SUSPECT.findall(text)), None)


def _is_invisible(char: str) -> bool:
    nothing = ord(char) & 0xFFFE == 0xFFFE  # characters that Unicode keeps free for ever
    return nothing or unicodedata.category(char) in {"Cc", "Cf", "Cs", "Co", "Zl", "Zp"}


def says_invisible(char: str) -> str:
    """Name an invisible character in a message."""
    name = unicodedata.name(char, "").lower()
    return f"has an invisible character, U+{ord(char):04X}" + (f" {name}" if name else "")


def _hidden(text: str, file: str) -> Iterator[Problem]:
    """Report the first invisible character of each line."""
    seen: set[int] = set()
    for match in _SUSPECT.finditer(text):
        if _is_invisible(match[0]) and not text.startswith("\r\n", match.start()):
            place = _place(file, text, match.start())
            if place.line not in seen:
                yield Problem(place, says_invisible(match[0]))
            seen.add(place.line)


def _place(file: str, text: str, index: int) -> Place:
    return Place(file, text.count("\n", 0, index) + 1, index - text.rfind("\n", 0, index))
