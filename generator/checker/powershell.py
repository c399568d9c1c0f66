"""Strings for PowerShell: the one place where a value becomes part of such a script."""

from generator.checker.shell import refuse_controls

_QUOTES = "'\u2018\u2019\u201a\u201b"
"""PowerShell takes the typographic single quotes for the plain one, wherever they are."""
_DOUBLED = str.maketrans({quote: quote * 2 for quote in _QUOTES})


def string(value: str) -> str:
    """Return a value as a string in single quotes, in which a quote only is special, and doubled.

    Raises ValueError for what could not be read on one line.
    """
    refuse_controls(value)
    return f"'{value.translate(_DOUBLED)}'"


def line(*values: str) -> str:
    """Return a line of arguments."""
    return " ".join(map(string, values))
