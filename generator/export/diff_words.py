"""How a review reads, whatever it is written in: the verdict, and the parts of a row."""

from collections.abc import Mapping, Sequence

from generator.diff.model import ACTS, SIGN, Review, SiteDiff
from generator.diff.rows import Row, rows
from generator.diff.rules import GROUP_SPLIT, WORDS
from generator.policy import SEVERITIES
from generator.problems import Place
from generator.render.words import CIPHERS

NO_CHANGE = "No network change."
MINUS = "\N{MINUS SIGN}"


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


def verdict(review: Review, tables: Sequence[Row]) -> str:
    """Say in a line what the change does: how bad, what opens and closes, who must act."""
    every = (*review.changes, *review.waived)
    if not tables and all(change.severity == "info" for change in every):
        return f"{NO_CHANGE}{_words_only(review)}"
    bad = [
        _plural(sum(change.severity == level for change in review.changes), level)
        for level in SEVERITIES[:2]
        if any(change.severity == level for change in review.changes)
    ]
    waived = [f"{len(review.waived)} waived"] if review.waived else []
    told = [row for row in tables if row.rules != (GROUP_SPLIT.id,)]  # the same flows, divided
    opened = sum(row.flows for row in told if row.opens)
    closed = sum(row.flows for row in told if row.closes)
    others = [row for row in told if not (row.opens or row.closes)]
    parts = [
        *([f"{_plural(opened, 'crossing')} opened"] if opened else []),
        *([f"{_plural(closed, 'crossing')} closed"] if closed else []),
        *(
            f"{_plural(count, 'other flow')} {kind}"
            for kind in ("added", "removed", "changed")
            if (count := sum(row.flows for row in others if row.kind == kind))
        ),
    ]
    acting = [who for who in ACTS[:2] if any(change.acts == who for change in review.changes)]
    sentences = [
        ", ".join([*(bad or ["No error, no warning"]), *waived]),
        ", ".join(parts) or "No flow differs on the network",
        f"Who must act: {' and '.join(acting)}" if acting else "Nobody must act",
    ]
    return " ".join(f"{sentence}." for sentence in sentences)


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
    if row.opens and row.closes:
        return f"{mark} moves"
    if row.opens:
        return f"{mark} opens"
    if row.closes:
        return f"{mark} closes"
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
