"""A review as lines for a person at a terminal: the verdict first, then what to act on."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

from generator.diff.model import SiteDiff
from generator.diff.review import Change, Review
from generator.diff.rows import Party, Row
from generator.export import diff_words as words

_CODES = {"error": "31;1", "warning": "33", "+": "32", "-": "31", "~": "36", "bold": "1"}
_MOST_NAMES = 4


def diff_text(review: Review, *, colour: bool = False) -> str:
    """Return the text; `colour` is for a terminal, and says nothing that a sign does not."""
    tables = words.site_rows(review)
    verdict = words.verdict(review, [row for rows in tables.values() for row in rows])
    bad = [change for change in review.changes if change.severity != "info"]
    lines = [_paint(verdict, review.worst if bad else "bold", colour)]
    lines += ["", *_changes(bad, colour)] if bad else []
    for site in review.diff.sites:
        lines += _site(site, tables[site.id], colour)
    told = words.to_know_of(review)
    lines += ["", "To know of:", *_changes(told, colour)] if told else []
    lines += ["", "Waived:", *map(_waived, review.waived)] if review.waived else []
    return "\n".join(lines) + "\n"


def _changes(changes: Iterable[Change], colour: bool) -> Iterator[str]:
    for change in changes:
        where = _line(f"{words.place(change.place)}:") + " "
        level = _paint(change.severity, change.severity, colour)
        site = f"{change.site}: " if change.site else ""
        acts = "" if change.acts == "nobody" else f" ({change.acts})"
        yield f"{where}{level}: {site}{_line(change.message)}{acts} [{change.rule}]"


def _waived(change: Change) -> str:
    waiver = change.waiver
    why = f"until {waiver.expires}, {waiver.owner}: {waiver.reason}" if waiver else ""
    site = f"{change.site}: " if change.site else ""
    return _line(f"{words.place(change.place)}: {site}{change.message} [{change.rule}] {why}")


def _site(site: SiteDiff, rows: Sequence[Row], colour: bool) -> Iterator[str]:
    if not rows:
        return
    came = {"added": " (new)", "removed": " (gone)", "renamed": f" (was {site.was})"}
    yield ""
    yield _paint(f"{site.id}{came.get(site.kind, '')}", "bold", colour)
    titles: dict[str, str] = {}
    for title, some in groupby(rows, key=lambda row: words.heading(row, titles)):
        yield f"  {_line(title)}"
        cells = [_cells(row, titles) for row in some]
        widths = [max(len(line[index]) for line, _ in cells) for index in range(len(cells[0][0]))]
        for line, kind in cells:
            shown = "  ".join(c.ljust(w) for c, w in zip(line, widths, strict=True)).rstrip()
            yield f"    {_paint(shown, kind, colour)}"


def _cells(row: Row, titles: dict[str, str]) -> tuple[tuple[str, ...], str]:
    names = [_party(party) for party in row.initiators]
    if len(names) > _MOST_NAMES:
        names = [*names[: _MOST_NAMES - 1], f"and {len(names) - _MOST_NAMES + 1} more"]
    what = "; ".join((words.encryption(row), words.requirement(row), *words.others(row, titles)))
    where = words.place(row.places[0]) if row.places else ""
    sign = words.sign(row).replace(words.MINUS, "-")
    ends = f"{', '.join(names)} → {_party(row.listener)}"
    return tuple(map(_line, (sign, words.port(row), ends, what, words.acts(row), where))), sign[:1]


def _party(party: Party) -> str:
    was = f" ← {_few(party.shift.old)}" if party.shift.old else ""
    return f"{party.group} {_few(party.addresses)}".rstrip() + was


def _few(addresses: Sequence[str]) -> str:
    return ", ".join(addresses[:2]) + (", …" if len(addresses) > 2 else "")


def _line(text: str) -> str:
    """Let nothing from the data end a line or move a terminal's cursor."""
    line = " ".join(text.split())
    return "".join(c if c.isprintable() else f"\\u{ord(c):04x}" for c in line)


def _paint(text: str, kind: str | None, colour: bool) -> str:
    code = _CODES.get(kind or "")
    return f"\x1b[{code}m{text}\x1b[0m" if colour and code else text
