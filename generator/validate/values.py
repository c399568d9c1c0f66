"""Values that several documents write the same way."""

from generator.catalogue import Numbers


def numbers(value: int | str) -> Numbers:
    """Return a number, or the range written "5446-5449", of a sound document."""
    if isinstance(value, int):
        return Numbers(value, value)
    first, last = value.split("-")
    return Numbers(int(first), int(last))
