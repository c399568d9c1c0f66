"""A review as a comment on a pull request: verdict, crossings, the picture, details folded away."""

from collections.abc import Sequence
from dataclasses import dataclass

from generator.diagrams.diff import diff_drawing
from generator.diff.compare import Catalogues
from generator.diff.model import SiteDiff
from generator.diff.review import Change, Review
from generator.diff.rows import Row
from generator.drawing.together import together
from generator.export import diff_words as words
from generator.export.diff_tables import address_table, flow_table
from generator.export.git_host import code, folded, prose
from generator.export.mermaid import MOST_CHARACTERS, mermaid

MARKER = "<!-- portatlas-diff -->"
"""The first line, by which a workflow finds the comment that it updates."""

LIMIT = 65_000
"""Characters; GitHub takes 65,536."""

_RESERVE = 2_000
"""Of them, kept for the line that says what was left out."""

_FEW = 5
_MOST_POINTS = 10
_MOST_MORE = 100
_MOST_PICTURED = 3
"""Sites whose pictures come before the tables of sites that are less bad."""

_MORE = "more findings"
_MOST_LETTERS = 400


@dataclass(frozen=True, slots=True)
class _Section:
    """Lines that stand or fall together, and what they are, should they be left out."""

    what: str
    lines: tuple[str, ...]
    order: tuple[int, int]

    @property
    def text(self) -> str:
        return "\n".join(self.lines) + "\n"


def markdown(
    review: Review,
    catalogues: Catalogues,
    *,
    site_url: str = "",
    elsewhere: str = "`portatlas diff`",
) -> str:
    """Return the comment, shorter than a Git host's limit.

    `site_url` is where the pages of the rules are; `elsewhere` says, in Markdown, where to see what
    had to be left out.
    """
    tables = words.site_rows(review)
    head = [MARKER, f"**{prose(words.verdict(review, [r for t in tables.values() for r in t]))}**"]
    head += ["", *(_point(change, site_url) for change in _bad(review)[:_MOST_POINTS])]
    sections: list[_Section] = []
    for index, site in enumerate(words.by_severity(review)):
        sections += _site(review, catalogues, site, tables[site.id], index)
    sections += _rest(review, site_url, len(review.diff.sites))
    kept = _fitting(LIMIT - len("\n".join(head)) - _RESERVE, sections)
    head += _further(len(_bad(review)), [section.what for section in kept])
    text = "\n".join(["\n".join(head).rstrip("\n") + "\n", *(section.text for section in kept)])
    left_out = [section.what for section in sections if section not in kept]
    return text.rstrip("\n") + "\n" + _left_out(left_out, elsewhere)


def _fitting(room: int, sections: Sequence[_Section]) -> list[_Section]:
    """Return as many whole sections as fit, the most needed first, in the order of reading."""
    kept: list[int] = []
    for index in sorted(range(len(sections)), key=lambda i: sections[i].order):
        size = len(sections[index].text) + 1
        if size <= room:
            room -= size
            kept.append(index)
    return [sections[index] for index in sorted(kept)]


def _left_out(what: Sequence[str], elsewhere: str) -> str:
    if not what:
        return ""
    more = f" and {len(what) - 5} more" if len(what) > 5 else ""
    return f"\nToo long for a comment, so left out: {', '.join(what[:5])}{more}. See {elsewhere}.\n"


def _bad(review: Review) -> list[Change]:
    return [change for change in review.changes if change.severity != "info"]


def _further(bad: int, kept: Sequence[str]) -> list[str]:
    """Say how many findings there are beyond the first, and how many of these are below."""
    more = bad - _MOST_POINTS
    if more <= 0:
        return []
    if _MORE not in kept:
        return [f"- and {more} more, left out here"]
    return [f"- and {more} more, {f'{_MOST_MORE} of them ' if more > _MOST_MORE else ''}below"]


def _point(change: Change, site_url: str) -> str:
    rule = code(change.rule)
    if site_url:
        rule = f"[{rule}]({site_url}{change.url})"
    acts = "" if change.acts == "nobody" else f" ({change.acts})"
    where = f"{code(change.site)}: " if change.site else ""
    return (
        f"- **{change.severity}** {where}{prose(_short(change.message))}{acts}, "
        f"{rule}, {code(words.place(change.place))}"
    )


def _short(message: str) -> str:
    return message if len(message) <= _MOST_LETTERS else f"{message[: _MOST_LETTERS - 1]}…"


def _site(
    review: Review, catalogues: Catalogues, site: SiteDiff, tables: Sequence[Row], index: int
) -> list[_Section]:
    derived = site.derived_after or site.derived_before
    title = derived.site.title if derived else site.id
    came = {"added": " (new)", "removed": " (gone)", "renamed": f" (was {site.was})"}
    head = f"### {prose(title + came.get(site.kind, ''))}"
    if not tables:
        text = [head, "", "No flow differs on the network.", ""]
        return [_Section(f"site {code(site.id)}", tuple(text), (0, index))]
    titles = words.titles(site)
    names = f"of site {code(site.id)}"
    inside = [row for row in tables if not row.crosses]
    crossing = [row for row in tables if row.crosses]
    # Few enough to be seen at once are not folded away.
    shown, away = (tables, []) if len(inside) <= _FEW or not crossing else (crossing, inside)
    second = (0 if index < _MOST_PICTURED else 1, index)
    found = [
        _Section(f"the table {names}", (head, "", *flow_table(shown, titles)), (0, index)),
        _Section(f"the picture {names}", tuple(_picture(catalogues, site)), second),
    ]
    if away:
        flows = sum(row.flows for row in away)
        lines = folded(f"{flows} flows within segments", flow_table(away, titles))
        found.append(_Section(f"flows within segments {names}", tuple(lines), (2, index)))
    details = address_table(tables)
    if details:
        lines = folded("Addresses, as a firewall takes them", details)
        found.append(_Section(f"the addresses {names}", tuple(lines), (3, index)))
    return found


def _picture(catalogues: Catalogues, site: SiteDiff) -> list[str]:
    one = diff_drawing(catalogues, site, context=False)
    text = mermaid(together(one.drawing))
    if not one.drawing.edges or len(text) > MOST_CHARACTERS:
        return ["The picture is too large for a comment.", ""]
    unknown = any(edge.cipher == "unknown" for edge in one.drawing.edges)
    mark = " A question mark: encryption unknown." if unknown else ""
    return ["```mermaid", *text.splitlines(), "```", "", f"Shown: {one.shows}.{mark}", ""]


def _rest(review: Review, site_url: str, index: int) -> list[_Section]:
    info = words.to_know_of(review)
    bad = _bad(review)[_MOST_POINTS : _MOST_POINTS + _MOST_MORE]
    found = []
    for what, some, order in (
        (_MORE, bad, (0, _MOST_PICTURED)),
        ("changes to know of", info, (4, index)),
    ):
        if some:
            title = f"{len(some)} {what if len(some) > 1 else what.replace('s', '', 1)}"
            lines = folded(title, [*(_point(c, site_url) for c in some), ""])
            found.append(_Section(what, tuple(lines), order))
    if review.waived:
        lines = [f"{_point(c, site_url)}: {_waiver(c)}" for c in review.waived]
        lines = folded(f"{len(lines)} waived", [*lines, ""])
        found.append(_Section("what is waived", tuple(lines), (4, index)))
    return found


def _waiver(change: Change) -> str:
    if change.waiver is None:
        return ""
    waiver = change.waiver
    return f"waived until {waiver.expires} by {prose(waiver.owner)}: {prose(waiver.reason)}"
