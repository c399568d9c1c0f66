"""`/coverage/`: how much of the data is documented, what is missing, and a badge."""

from collections.abc import Iterator

from generator.catalogue import Catalogue
from generator.coverage import MEASURES, Coverage, Measure, Row, Share
from generator.load import Atlas
from generator.markdown import code, front_matter, items, link, relative, table, text
from generator.render.tables import port_page

PAGE = "coverage/index.md"
BADGE = "coverage/badge.svg"

LISTED = 100
"""Names that are listed of what is missing, a measure; the document for programs has all."""

_FOR_PROGRAMS = code("portatlas coverage --format json")

_MEANINGS: dict[Measure, str] = {
    "evidenced": "statements about ports that an official source confirms",
    "owned": "host groups that somebody answers for: `owner` of the group, its segment or the site",
    "addressed": "host groups with a name and an address for every machine; people with a network",
    "checkable": "flows that the check script can try: TCP, with something to dial",
}


def page(atlas: Atlas, found: Coverage) -> str:
    """Return the page."""
    titles = {site.id: site.title for site in atlas.sites}
    heading = ["Of", *(one.capitalize() for one in MEASURES)]
    return "\n".join(
        [
            *front_matter("Coverage", "How much of the data is documented, and what is missing"),
            "# Coverage",
            "",
            f"![{_label(found)}](badge.svg){{ .atlas-badge }}",
            "",
            "How much of what this site says is documented. Planned hosts without names, or ports",
            "that nobody has confirmed, are no mistakes; but they should become fewer. The badge",
            "has the least of the four.",
            "",
            *items(f"**{one.capitalize()}**: {_MEANINGS[one]}" for one in MEASURES),
            *table(heading, [["**All**", *_shares(found.total)]]),
            *_part("By site", heading, [
                [link(text(titles[row.id]), relative(PAGE, f"sites/{row.id}/index.md")),
                 *_shares(row)]
                for row in found.sites
            ]),
            *_part("By component", heading, [
                [_component(atlas.catalogue, row.id), *_shares(row)]
                for row in found.components
            ]),
            *_missing(atlas.catalogue, found),
            f"{_FOR_PROGRAMS} has the same for programs, and",
            f"{code('--against REF')} fails where anything is covered less than before. The badge",
            f"is at {link('badge.svg', 'badge.svg')}.",
            "",
        ]
    )  # fmt: skip


def _part(title: str, heading: list[str], rows: list[list[str]]) -> list[str]:
    return [f"## {title}", "", *table(heading, rows)] if rows else []


def _shares(row: Row) -> list[str]:
    return [_share(row.shares[one]) for one in MEASURES]


def _share(one: Share) -> str:
    return "—" if one.percent is None else f"{one.percent}% of {one.of}"


def _component(catalogue: Catalogue, name: str) -> str:
    title = text(catalogue.components[name].title)
    return link(title, relative(PAGE, f"components/{name}/index.md"))


def _missing(catalogue: Catalogue, found: Coverage) -> Iterator[str]:
    """Yield what is missing, a list a measure, each entry with a link to where it is shown."""
    yield from ("## What is missing", "")
    shares = found.total.shares
    if all(not shares[one].missing for one in MEASURES):
        yield from ("Nothing.", "")
    for one in MEASURES:
        names = shares[one].missing
        if names:
            yield from (f"### Not {one}", "")
            more = len(names) - LISTED
            rest = [f"and {more} more: {_FOR_PROGRAMS} has all"] if more > 0 else []
            yield from items([*(_entry(catalogue, one, name) for name in names[:LISTED]), *rest])


def _entry(catalogue: Catalogue, measure: Measure, name: str) -> str:
    """Link what stands before the colon: the port of a statement, or the site."""
    where, _, what = name.partition(": ")
    if measure == "evidenced":
        target = f"{port_page(catalogue.ports[where].numbers)}#{where}"
        return f"{link(code(where), relative(PAGE, target))}: {text(what)}"
    return f"{link(text(where), relative(PAGE, f'sites/{where}/index.md'))}: {code(what)}"


def percent(found: Coverage) -> int:
    """Return the one number of the badge: the least of the four."""
    shares = (found.total.shares[one].percent for one in MEASURES)
    return min((one for one in shares if one is not None), default=100)


def _label(found: Coverage) -> str:
    return f"ports documented: {percent(found)}%"


def badge(found: Coverage) -> str:
    """Return a badge: the text is the sign, its colour only helps."""
    label, value = "ports documented", f"{percent(found)}%"
    colour = "#1b6e3c" if percent(found) >= 90 else "#8a5a00" if percent(found) >= 60 else "#a8321f"
    left, right = 118, 46
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{left + right}" height="20" role="img" '
        f'aria-label="{label}: {value}">'
        f"<title>{label}: {value}</title>"
        f'<rect width="{left + right}" height="20" rx="3" fill="#3d4451"/>'
        f'<path d="M{left} 0h{right - 3}a3 3 0 0 1 3 3v14a3 3 0 0 1 -3 3h-{right - 3}z" '
        f'fill="{colour}"/>'
        '<g fill="#fff" text-anchor="middle" font-family="Verdana,DejaVu Sans,sans-serif" '
        'font-size="11">'
        f'<text x="{left / 2:g}" y="14">{label}</text>'
        f'<text x="{left + right / 2:g}" y="14">{value}</text>'
        "</g></svg>\n"
    )
