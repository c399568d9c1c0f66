"""How a review reads, whatever it is written in: the verdict, and the parts of a row."""

from collections.abc import Mapping, Sequence

from generator.diff.model import SIGN, SiteDiff
from generator.diff.review import Change, Review
from generator.diff.rows import Row, rows
from generator.policy import SEVERITIES
from generator.problems import Place
from generator.rules.entry_rules import WORDS
from generator.rules.flow_rules import INSIDE_SEGMENT
from generator.rules.model import ACTS
from generator.words import CIPHERS, REQUIREMENTS

NO_CHANGE = "No network change."
MINUS = "\N{MINUS SIGN}"
_MOST_ADDRESSES = 4


def site_rows(review: Review) -> dict[str, tuple[Row, ...]]:
    """Return the rows of each site that differs, by its id."""
    every = (*review.changes, *review.waived)
    return {
        site.id: rows(site, [change for change in every if change.site == site.id])
        for site in review.diff.sites
    }


def by_severity(review: Review) -> list[SiteDiff]:
    """Return the sites that differ, the one with the worst change first."""
    order = {change.site: index for index, change in reversed(list(enumerate(review.changes)))}
    return sorted(review.diff.sites, key=lambda s: (order.get(s.id, len(order)), s.id))


def to_know_of(review: Review) -> list[Change]:
    """Return the changes that nobody need mind, and that say more than the tables of flows."""
    return [c for c in review.changes if c.severity == "info" and c.rule != INSIDE_SEGMENT.id]


def verdict(review: Review, tables: Sequence[Row], *, public: bool = False) -> str:
    """Say in a line what the change does: how bad, what opens and closes, who must act.

    `public` leaves out addresses and names of hosts.
    """
    every = (*review.changes, *review.waived)
    if not tables and all(change.severity == "info" for change in every):
        return f"{NO_CHANGE}{_words_only(review)}"
    bad = [
        _plural(sum(change.severity == level for change in review.changes), level)
        for level in SEVERITIES[:2]
        if any(change.severity == level for change in review.changes)
    ]
    waived = [f"{len(review.waived)} waived"] if review.waived else []
    told = _told(tables)
    opened, closed, _ = crossings(tables)
    moved = [row for row in told if row.readdressed]
    others = [row for row in told if not (row.opens or row.closes or row.readdressed)]
    gates = [
        *([f"{_plural(opened, 'crossing')} opened{_optional(told)}"] if opened else []),
        *([f"{_plural(closed, 'crossing')} closed"] if closed else []),
    ]
    rest = [
        f"{_plural(count, 'other flow')} {kind}"
        for kind in ("added", "removed", "changed")
        if (count := sum(row.flows for row in others if row.kind == kind))
    ]
    readdressed = [_readdressed(moved, public=public)] if moved else []
    parts = [gates, readdressed, rest] if moved else [[*gates, *rest]]
    acting = [who for who in ACTS[:2] if any(change.acts == who for change in review.changes)]
    sentences = [
        ", ".join([*(bad or ["No error, no warning"]), *waived]),
        *([", ".join(part) for part in parts if part] or [_no_flow(review)]),
        f"Who must act: {' and '.join(acting)}" if acting else "Nobody must act",
    ]
    return " ".join(f"{sentence}." for sentence in sentences)


def crossings(tables: Sequence[Row]) -> tuple[int, int, int]:
    """Count the crossings that are opened, closed, and let through for other addresses."""
    told = _told(tables)
    opened = sum(row.flows for row in told if row.opens)
    closed = sum(row.flows for row in told if row.closes)
    return opened, closed, sum(row.flows for row in told if row.readdressed)


def _told(tables: Sequence[Row]) -> list[Row]:
    """Return the rows but those of groups that share their hosts otherwise: the same flows."""
    return [row for row in tables if not row.passed]


def _no_flow(review: Review) -> str:
    """Say that no flow differs; and that there is something to act on all the same."""
    count = sum(change.acts != "nobody" for change in review.changes)
    but = f", but {_plural(count, 'other thing')} {'does' if count == 1 else 'do'}"
    return f"No flow differs on the network{but if count else ''}"


def _optional(told: Sequence[Row]) -> str:
    count = sum(row.flows for row in told if row.opens and row.requirement == "optional")
    return f" ({count} optional)" if count else ""


def _readdressed(moved: Sequence[Row], *, public: bool) -> str:
    count = sum(row.flows for row in moved)
    if public:
        return f"{_plural(count, 'crossing')} changed: other addresses"
    came = sorted({one for row in moved for one in row.came})
    went = sorted({one for row in moved for one in row.went})
    return f"{_plural(count, 'crossing')} changed: {', '.join(_asked(came, went))}"


def _asked(came: Sequence[str], went: Sequence[str], *, every: bool = False) -> list[str]:
    """Say which addresses to open for, and for which to close; the first of many."""
    return [
        f"{what} for {', '.join(addresses) if every else _some(addresses)}"
        for what, addresses in (("open", came), ("close", went))
        if addresses
    ]


def _some(addresses: Sequence[str]) -> str:
    more = len(addresses) - _MOST_ADDRESSES
    if more <= 1:
        return ", ".join(addresses)
    return f"{', '.join(addresses[:_MOST_ADDRESSES])} and {more} more"


def others(row: Row, titles: Mapping[str, str], *, every: bool = False) -> tuple[str, ...]:
    """Return what else differs of a row's flows than number and encryption, in words.

    Of many addresses these are the first, or `every` one. `titles` are those of segments.
    """
    if row.was:
        return public(row, titles)
    if not row.asked:
        return row.others
    rest = [one for one in row.others if one not in ("addresses", "hosts")]
    return (*_asked(row.came, row.went, every=every), *rest)


def public(row: Row, titles: Mapping[str, str]) -> tuple[str, ...]:
    """Return the same without addresses and names of hosts."""
    if not row.was:
        return row.others
    gates = (("open", row.pair, row.opens), ("close", row.was, row.closes))
    moved = [f"{what} {_pair(pair, titles)}" for what, pair, asked in gates if asked]
    return (*moved, *(one for one in row.others if one != "segment"))


def _words_only(review: Review) -> str:
    count = len(review.changes) + len(review.waived)
    every = (*review.changes, *review.waived)
    words = all(change.rule == WORDS.id for change in every)
    other = "that opens or closes nothing" if count == 1 else "that open or close nothing"
    said = "of words" if words else other
    return f" {_plural(count, 'change')} {said}." if count else ""


def _plural(count: int, word: str) -> str:
    return f"{count} {word}{'' if count == 1 else 's'}"


def sign(row: Row) -> str:
    """Return what became of a row's flows, as a sign and a word that a firewall team knows."""
    mark = SIGN[row.kind].replace("-", MINUS)
    part = " in part" if row.in_part else ""
    if row.opens and row.closes:
        return f"{mark} moves"
    if row.opens:
        return f"{mark} opens{part}"
    if row.closes:
        return f"{mark} closes{part}"
    return f"{mark} {row.kind}"


def port(row: Row) -> str:
    """Return number and transport, the old ones behind them where one of them is another."""
    new = f"{row.numbers}/{row.transport}"
    if row.old_transport:
        return f"{new} ← {row.old_numbers or row.numbers}/{row.old_transport}"
    return f"{new} ← {row.old_numbers}" if row.old_numbers else new


def encryption(row: Row) -> str:
    """Return the encryption in words, the old one behind it if there is one."""
    new = CIPHERS[row.encryption]
    return f"{new} ← {CIPHERS[row.old_encryption]}" if row.old_encryption else new


def requirement(row: Row) -> str:
    """Return whether it works without, the old requirement behind it if there is one."""
    new = REQUIREMENTS[row.requirement]
    return f"{new} ← {REQUIREMENTS[row.old_requirement]}" if row.old_requirement else new


def acts(row: Row) -> str:
    """Say who must act, all of them."""
    return ", ".join(row.acts)


def place(where: Place) -> str:
    """Return a place as an editor takes it."""
    return f"{where.file}:{where.line}"


def titles(site: SiteDiff) -> dict[str, str]:
    """Return the titles of a site's segments on both sides, by id."""
    found: dict[str, str] = {}
    for derived in (site.derived_before, site.derived_after):
        if derived is not None:
            found |= {segment.id: segment.title for segment in derived.site.segments.values()}
    return found


def heading(row: Row, titles: Mapping[str, str]) -> str:
    """Return a pair of segments as a heading, with the pair before if it was another."""
    now = _pair(row.pair, titles)
    return f"{now} (was {_pair(row.was, titles)})" if row.was else now


def _pair(pair: tuple[str, str], titles: Mapping[str, str]) -> str:
    start, end = (titles.get(one, one) for one in pair)
    return f"{start} → {end}" if pair[0] != pair[1] else f"within {start}"
