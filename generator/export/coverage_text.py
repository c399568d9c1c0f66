"""Coverage for a person at a terminal: a table, and what fell or is too low."""

from collections.abc import Iterable, Iterator

from generator.coverage import MEASURES, Coverage, Fall, Measure, Row, Share
from generator.export.tables import to_text


def coverage_text(
    found: Coverage,
    low: Iterable[Measure],
    percent: int,
    fallen: Iterable[Fall],
    against: str | None,
) -> str:
    """Return the table, then a line for each measure below `percent` and each share that fell."""
    rows = ((_name(row), *(share(row.shares[one]) for one in MEASURES)) for row in found.rows)
    lines = [
        *(f"too low: {one} is {share(found.total.shares[one])}, below {percent}%" for one in low),
        *(f"fell: {_fell(fall)}" for fall in fallen),
        *_verdict(fallen, against),
    ]
    return to_text(("", *MEASURES), rows) + "".join(f"{line}\n" for line in lines)


def _name(row: Row) -> str:
    return "all" if row.kind == "total" else f"{row.kind} {row.id}"


def share(one: Share) -> str:
    """Return a share as a percentage, and of how many."""
    return "-" if one.percent is None else f"{one.percent}% of {one.of}"


def _fell(fall: Fall) -> str:
    before, after = share(fall.before), share(fall.after)
    return f"{_name(fall.row)}: {fall.measure} {before} → {after}"


def _verdict(fallen: Iterable[Fall], against: str | None) -> Iterator[str]:
    if against is not None and not list(fallen):
        yield f"nothing fell since {against}"
