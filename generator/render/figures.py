"""A diagram on a page: a plain picture that links to itself, and the same as a list."""

from posixpath import join, normpath

from generator.drawing.look import LINES
from generator.drawing.model import Drawing
from generator.markdown import items, link, relative, text
from generator.words import CIPHERS


def svg_path(drawing: Drawing) -> str:
    """Return the path of a drawing's SVG."""
    return f"diagrams/{drawing.id}.svg"


def figure(page: str, drawing: Drawing) -> list[str]:
    """Return the lines that show a drawing on a page, with its text alternative."""
    if not drawing.edges:
        return []
    path = relative(page, svg_path(drawing))
    # Not for the search: what the list says, the tables say with more to find it by.
    return [
        link(f"![{text(drawing.title)}]({path})", path),
        "",
        '<details class="atlas-list" data-search-exclude markdown="1">',
        f"<summary>The diagram as a list of {len(drawing.edges)} connections</summary>",
        "",
        *items(_sentences(page, drawing)),
        "</details>",
        "",
    ]


def _sentences(page: str, drawing: Drawing) -> list[str]:
    titles = {node.id: node.title for node in drawing.nodes}
    return [
        link(
            f"{text(titles[edge.tail])} → {text(titles[edge.head])}: {text(edge.label)}",
            _target(page, edge.url),
        )
        + f" ({CIPHERS[edge.cipher]}; {LINES[edge.line]})"
        for edge in sorted(drawing.edges, key=lambda e: (titles[e.tail], titles[e.head], e))
    ]


def _target(page: str, url: str) -> str:
    """Return the source, seen from a page, of what a drawing's link leads to."""
    return relative(page, normpath(join("diagrams", url)).replace("index.html", "index.md"))
