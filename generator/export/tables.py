"""Flows as rows: the columns that CSV and the terminal share, and the CSV itself."""

import csv
import io
from collections.abc import Iterable, Sequence

from generator.derive.machines import expand
from generator.derive.model import Derived, Flow

COLUMNS = (
    "id",
    "from",
    "from_addresses",
    "from_segment",
    "to",
    "to_addresses",
    "to_segment",
    "numbers",
    "transport",
    "service",
    "listens_addresses",
    "listens_numbers",
    "encryption",
    "requirement",
    "scope",
    "why",
)
TEXT_COLUMNS = (
    "from",
    "from_addresses",
    "to",
    "to_addresses",
    "port",
    "encryption",
    "requirement",
    "segments",
    "id",
)
"""What a terminal has room for: as far as the encryption mostly within 120 columns."""

MACHINE_COLUMNS = (
    "port",
    "from",
    "to",
    "address",
    "numbers",
    "transport",
    "scope",
    "id",
    "from_addresses",
    "from_segment",
    "to_segment",
)
MACHINE_TEXT_COLUMNS = (
    "from",
    "from_addresses",
    "to",
    "address",
    "port",
    "scope",
    "segments",
    "id",
)


def rows(derived: Derived) -> list[tuple[str, ...]]:
    """Return a row for each flow, groups named by their patterns, in the order of COLUMNS."""
    return [_row(derived, flow) for flow in derived.flows]


def text_rows(derived: Derived) -> list[tuple[str, ...]]:
    """Return a row for each flow, in the order of TEXT_COLUMNS; a port is `7800/tcp`."""
    return [_text_row(TEXT_COLUMNS, COLUMNS, row) for row in rows(derived)]


def machine_text_rows(derived: Derived) -> list[tuple[str, ...]]:
    """Return a row for each pair of machines, in the order of MACHINE_TEXT_COLUMNS."""
    return [_text_row(MACHINE_TEXT_COLUMNS, MACHINE_COLUMNS, row) for row in machine_rows(derived)]


def _text_row(
    wanted: Sequence[str], columns: Sequence[str], row: tuple[str, ...]
) -> tuple[str, ...]:
    named = dict(zip(columns, row, strict=True))
    start, end = named["from_segment"], named["to_segment"]
    named["port"] = f"{named['numbers']}/{named['transport']}"
    named["segments"] = f"within {start}" if start == end else f"{start} → {end}"
    return tuple(named[name] for name in wanted)


def _row(derived: Derived, flow: Flow) -> tuple[str, ...]:
    start = derived.site.groups[flow.initiator.group]
    end = derived.site.groups[flow.listener.group]
    listens = flow.listens
    return (
        flow.id,
        ", ".join(start.shown_hosts) or start.id,
        ", ".join(start.shown_addresses),
        start.segment,
        ", ".join(end.shown_hosts) or end.id,
        ", ".join(flow.addresses),
        end.segment,
        str(flow.numbers),
        flow.port.transport,
        flow.port.service,
        ", ".join(listens.addresses) if listens else "",
        str(listens.numbers) if listens else "",
        flow.encryption,
        flow.requirement,
        flow.scope,
        "; ".join(dict.fromkeys(reason.why for reason in flow.reasons)),
    )


def machine_rows(derived: Derived) -> list[tuple[str, ...]]:
    """Return a row for each pair of machines, in the order of MACHINE_COLUMNS."""
    return [
        (
            one.port,
            one.initiator.name,
            one.listener.name,
            one.address,
            one.numbers,
            one.transport,
            one.scope,
            one.id,
            ", ".join(one.initiator.addresses),
            derived.site.groups[one.initiator.group].segment,
            derived.site.groups[one.listener.group].segment,
        )
        for one in expand(derived)
    ]


def to_csv(columns: Sequence[str], body: Iterable[Sequence[str]]) -> str:
    """Return CSV that a spreadsheet opens without running any cell as a formula."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows([_cell(value) for value in row] for row in body)
    return out.getvalue()


def _cell(value: str) -> str:
    """Return a value on one line, as text even where a spreadsheet would run it as a formula."""
    line = " ".join(value.split())
    return f"'{line}" if line.startswith(("=", "+", "-", "@")) else line


def to_text(columns: Sequence[str], body: Iterable[Sequence[str]]) -> str:
    """Return columns in line, easy to read and to grep; no row, no text."""
    table = [tuple(columns), *map(tuple, body)]
    widths = [max(map(len, column)) for column in zip(*table, strict=True)]
    return "".join(
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        + "\n"
        for row in table
    )
