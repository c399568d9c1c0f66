"""The folder of a review: a page, the comment, and for each site what differs, before and after."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from generator.catalogue import Catalogue
from generator.derive.model import Derived
from generator.diagrams.diff import diff_drawing
from generator.diagrams.site import site_drawings
from generator.diff.compare import Catalogues
from generator.diff.review import Review
from generator.drawing.model import Drawing
from generator.export import diff_words as words
from generator.export.diff_html import Shown, html
from generator.export.diff_markdown import markdown

PAGE = "index.html"
COMMENT = "comment.md"

MOST_SITES = 40
"""Sites whose pictures are in the page itself, the worst first; a browser shows no hundreds."""


@dataclass(frozen=True, slots=True)
class Picture:
    """A drawing, what it is called, and what it shows."""

    site: str
    name: str
    shows: str
    drawing: Drawing

    @property
    def path(self) -> str:
        """Return the path of its SVG in the folder."""
        return f"diagrams/{self.drawing.id}.svg"


def pictures(review: Review, catalogues: Catalogues, *, every: bool) -> tuple[Picture, ...]:
    """Return the drawings of each site that differs: the difference, before, and after.

    Those of the worst sites come first; without `every`, these are all that the page itself has.
    """
    found: list[Picture] = []
    sites = words.by_severity(review)
    for site in sites if every else sites[:MOST_SITES]:
        one = diff_drawing(catalogues, site)
        if not one.drawing.edges:
            continue
        found.append(Picture(site.id, "What differs", one.shows, one.drawing))
        for name, catalogue, derived in (
            ("before", catalogues.before, site.derived_before),
            ("after", catalogues.after, site.derived_after),
        ):
            if derived is not None:
                found += _whole(catalogue, derived, f"{site.id}-{name}", name)
    return tuple(found)


def _whole(catalogue: Catalogue, derived: Derived, id_: str, name: str) -> list[Picture]:
    drawn = site_drawings(catalogue, derived)
    if not drawn.default.edges:
        return []
    # The pages that its links lead to are not in this folder.
    drawing = replace(
        drawn.default,
        id=id_,
        title=f"{drawn.default.title}, {name}",
        nodes=tuple(replace(node, url="") for node in drawn.default.nodes),
        edges=tuple(replace(edge, url="") for edge in drawn.default.edges),
    )
    words = f"{name.capitalize()}: {drawn.shows}"
    return [Picture(derived.site.id, words, drawn.shows, drawing)]


def folder(
    review: Review,
    catalogues: Catalogues,
    every: Sequence[Picture],
    drawn: Mapping[str, str],
    *,
    site_url: str = "",
    elsewhere: str,
) -> dict[str, str]:
    """Return the texts of the folder by path; `drawn` are the SVGs by the id of their drawing."""
    by_site: dict[str, list[Picture]] = {}
    for one in every:
        by_site.setdefault(one.site, []).append(one)
    inside = {site.id for site in words.by_severity(review)[:MOST_SITES]}
    shown = {
        site: Shown(
            some[0].shows,
            {one.name: drawn[one.drawing.id] for one in some} if site in inside else {},
            {one.name: one.path for one in some},
        )
        for site, some in by_site.items()
    }
    comment = markdown(review, catalogues, site_url=site_url, elsewhere=elsewhere)
    return {
        PAGE: html(review, shown),
        COMMENT: comment,
        **{one.path: drawn[one.drawing.id] for one in every},
    }
