"""Words for a POSIX shell: the one place where a value becomes part of a script."""

import re

_PLAIN = re.compile(r"[A-Za-z0-9_./:@%+][A-Za-z0-9_./:@%+-]*", re.ASCII)
"""What means itself to every shell: no space, quote, pattern, assignment or option in it."""


def word(value: str) -> str:
    """Return a value as one word that the shell takes as it is, in single quotes unless plain.

    Raises ValueError for what no word can have, or what could not be read on one line.
    """
    refuse_controls(value)
    if _PLAIN.fullmatch(value):
        return value
    return "'" + value.replace("'", "'\\''") + "'"


def refuse_controls(value: str) -> None:
    """Raise ValueError for a control character in a value."""
    if any(ord(char) < 32 or ord(char) == 127 for char in value):
        raise ValueError(f"{value!r} has a control character in it")


def line(*values: str) -> str:
    """Return a line of words."""
    return " ".join(map(word, values))
