"""The folder of a review: a page, the comment, and for each site what differs, before and after."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from generator.catalogue import Catalogue
from generator.derive.model import Derived
from generator.diff.compare import Catalogues
from generator.diff.model import Review
from generator.drawing.model import Drawing
from generator.export.diff_html import html
from generator.export.diff_markdown import markdown
from generator.render.diff_diagrams import diff_drawing
from generator.render.site_diagrams import site_drawings

PAGE = "index.html"
COMMENT = "comment.md"


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


def pictures(review: Review, catalogues: Catalogues) -> tuple[Picture, ...]:
    """Return the drawings of each site that differs: the difference, before, and after."""
    found: list[Picture] = []
    for site in review.diff.sites:
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
    drawn: Mapping[str, str],
    *,
    site_url: str | None = None,
    elsewhere: str,
) -> dict[str, str]:
    """Return the texts of the folder by path; `drawn` are the SVGs by the id of their drawing."""
    every = pictures(review, catalogues)
    svgs: dict[str, dict[str, str]] = {}
    shows: dict[str, str] = {}
    for one in every:
        svgs.setdefault(one.site, {})[one.name] = drawn[one.drawing.id]
        shows.setdefault(one.site, one.shows)
    comment = markdown(review, catalogues, site_url=site_url, elsewhere=elsewhere)
    return {
        PAGE: html(review, svgs, shows),
        COMMENT: comment,
        **{one.path: drawn[one.drawing.id] for one in every},
    }
