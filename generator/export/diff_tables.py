"""The tables of a review's comment: what becomes of flows, and their addresses."""

from collections.abc import Iterable, Sequence
from itertools import groupby

from generator.diff.rows import Party, Row
from generator.export import diff_words as words
from generator.export.git_host import code, prose, table

_MOST_NAMES = 6
_MOST_ROWS = 60
_HEADS = (
    "Segments", "", "Initiator → listener", "Port", "Encryption", "Requirement", "What else",
    "Who acts", "Cause",
)  # fmt: skip
_ELSE = _HEADS.index("What else")


def flow_table(rows: Sequence[Row], titles: dict[str, str]) -> list[str]:
    """Return what becomes of flows, the first rows of many; a column that is empty is left out."""
    cells = [
        [
            prose(words.heading(row, titles)) if first else "",
            _sign(row),
            f"{_names(row.initiators)} → {code(row.listener.group)}",
            f"{code(words.port(row))} {prose(row.title)}",
            _encryption(row),
            words.requirement(row),
            prose("; ".join(words.others(row, titles))),
            words.acts(row),
            ", ".join(code(words.place(place)) for place in row.places[:2]),
        ]
        for first, row in _marked(rows[:_MOST_ROWS])
    ]
    heads = list(_HEADS)
    if not any(row[_ELSE] for row in cells):
        del heads[_ELSE]
        cells = [[*row[:_ELSE], *row[_ELSE + 1 :]] for row in cells]
    more = [f"and {len(rows) - _MOST_ROWS} rows more", ""] if len(rows) > _MOST_ROWS else []
    return [*table(heads, cells), *more]


def _marked(rows: Sequence[Row]) -> Iterable[tuple[bool, Row]]:
    """Yield the rows, each with whether it is the first of its segments, now and before."""
    for _, some in groupby(rows, key=lambda row: (row.pair, row.was)):
        yield from ((index == 0, row) for index, row in enumerate(some))


def _names(parties: Sequence[Party]) -> str:
    names = list(dict.fromkeys(party.group for party in parties))
    more = f" and {len(names) - _MOST_NAMES} more" if len(names) > _MOST_NAMES else ""
    return ", ".join(code(name) for name in names[:_MOST_NAMES]) + more


def _encryption(row: Row) -> str:
    shown = words.encryption(row)
    return f"**{shown}**" if row.encryption == "none" and row.kind != "removed" else shown


def _sign(row: Row) -> str:
    shown = words.sign(row).replace(" ", "&nbsp;")
    return f"{shown}<br>**error**" if row.severity == "error" else shown


def address_table(rows: Sequence[Row]) -> list[str]:
    """Return the addresses at both ends, and for which to open and to close where these changed."""
    rows = rows[:_MOST_ROWS]
    heads = ["", "Initiators", "Dialled", "Port"]
    cells = [
        [
            words.sign(row),
            "<br>".join(map(_party, row.initiators)),
            _party(row.listener),
            code(words.port(row)),
        ]
        for row in rows
    ]
    if any(row.asked for row in rows):
        heads += ["Open for", "Close for"]
        cells = [
            [*some, *((_codes(row.came), _codes(row.went)) if row.asked else ("", ""))]
            for row, some in zip(rows, cells, strict=True)
        ]
    return table(heads, cells)


def _party(party: Party) -> str:
    was = f" ← {_codes(party.shift.old)}" if party.shift.old else ""
    return f"{code(party.group)} {_codes(party.addresses) or '(no address given)'}{was}"


def _codes(values: Iterable[str]) -> str:
    return " ".join(code(value) for value in values)
