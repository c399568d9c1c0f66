"""What Graphviz drew, checked against the drawing and made fit for a page.

Graphviz can leave out an edge or a name and still write a complete-looking file, so everything
that is on the drawing is looked for in the SVG.
"""

import xml.etree.ElementTree as ET
from collections.abc import Iterator, Mapping

from generator.drawing.arrange import arrange
from generator.drawing.geometry import SVG
from generator.drawing.legend import LEGEND_HEIGHT, legend, pattern
from generator.drawing.look import FAMILY, FONT
from generator.drawing.model import Drawing, Edge, Group, Node

XLINK = "http://www.w3.org/1999/xlink"
ET.register_namespace("", SVG)
ET.register_namespace("xlink", XLINK)


class DrawingError(Exception):
    """A diagram could not be drawn, or something on it was left out; the message names it."""


def arranged(drawing: Drawing, raw: str) -> str:
    """Return what Graphviz drew with its words moved off its lines; it takes longer than the rest.

    Raises DrawingError where something is missing, as `finish` does.
    """
    root, found = _complete(drawing, raw)
    arrange(
        _paper(root),
        [found[_id(drawing, node)] for node in drawing.nodes],
        [frame for _, frame in _frames(drawing, found)],
        [found[_id(drawing, edge)] for edge in drawing.edges],
    )
    return ET.tostring(root, encoding="unicode")


def finish(drawing: Drawing, raw: str) -> str:
    """Return the SVG for publication: complete, titled, with a legend, without fixed size."""
    root, found = _complete(drawing, raw)
    things: tuple[Node | Edge, ...] = (*drawing.nodes, *drawing.edges)
    for thing in things:
        _retitle(found[_id(drawing, thing)], thing.tooltip)
    frames = _frames(drawing, found)
    for group, frame in frames:
        _retitle(frame, group.title)
    for edge in drawing.edges:
        _stroke(found[_id(drawing, edge)], edge)
        _halo(found[_id(drawing, edge)])
    for text in root.iter(f"{{{SVG}}}text"):
        if text.get("font-family") == FONT:
            del text.attrib["font-family"]
    _lift(root, [frame for _, frame in frames])
    _head(root, drawing)
    legend(root, drawing)
    ET.indent(root, " ")
    return ET.tostring(root, encoding="unicode") + "\n"


def _complete(drawing: Drawing, raw: str) -> tuple[ET.Element, dict[str, ET.Element]]:
    """Return the picture, and its elements by id, once everything on the drawing is there."""
    root = ET.fromstring(raw)  # noqa: S314 - written by Graphviz, a moment ago
    found = {element.get("id", ""): element for element in root.iter(f"{{{SVG}}}g")}
    missing = list(_missing(drawing, found))
    if missing:
        raise DrawingError(f"diagram {drawing.id}: Graphviz left out {', '.join(missing)}")
    return root, found


def _frames(drawing: Drawing, found: Mapping[str, ET.Element]) -> list[tuple[Group, ET.Element]]:
    frames = ((group, found.get(f"{drawing.id}--g-{group.id}")) for group in drawing.groups)
    return [(group, frame) for group, frame in frames if frame is not None]


def _id(drawing: Drawing, thing: Node | Edge) -> str:
    return f"{drawing.id}--{'n' if isinstance(thing, Node) else 'e'}-{thing.id}"


def _missing(drawing: Drawing, found: dict[str, ET.Element]) -> Iterator[str]:
    for node in drawing.nodes:
        element = found.get(_id(drawing, node))
        shown = _text(element)
        title, detail = _shown(node.title), _shown(node.detail)
        if element is None or title not in shown or detail not in shown:
            yield f"the box “{title}”"
    for edge in drawing.edges:
        element = found.get(_id(drawing, edge))
        line = None if element is None else element.find(f".//{{{SVG}}}path")
        if line is None or _shown(edge.label) not in _text(element):
            yield f"the arrow “{edge.label}” from {edge.tail} to {edge.head}"
    drawn = sum(element.get("class", "").split()[:1] == ["edge"] for element in found.values())
    if drawn > len(drawing.edges):
        yield f"nothing, but drew {drawn} arrows for {len(drawing.edges)}"


def _text(element: ET.Element | None) -> str:
    """Return the text that is shown, with plain blanks."""
    shown = () if element is None else element.iter(f"{{{SVG}}}text")
    return "\n".join(_shown("".join(text.itertext())) for text in shown)


def _shown(text: str) -> str:
    """Return a text as it is shown: on one line, with single plain blanks."""
    return " ".join(text.split())


def _retitle(element: ET.Element, tooltip: str) -> None:
    """Make the tooltip the title, which browsers show and screen readers read, once."""
    for title in element.findall(f"{{{SVG}}}title"):
        title.text = tooltip
    for link in element.iter(f"{{{SVG}}}a"):
        link.attrib.pop(f"{{{XLINK}}}title", None)
        if not _text(link):  # the line itself: its label is the same link, for keyboards
            link.attrib.update({"aria-label": tooltip, "tabindex": "-1"})


def _stroke(element: ET.Element, edge: Edge) -> None:
    """Draw the line's pattern so that it is told apart in print, too."""
    for path in element.iter(f"{{{SVG}}}path"):
        path.attrib.pop("stroke-dasharray", None)
        path.attrib.update(pattern(edge.line))


def _lift(root: ET.Element, frames: list[ET.Element]) -> None:
    """Draw the titles of frames last: what crosses a title must not strike it through."""
    graph = _graph(root)
    for frame in frames:
        lifted = ET.SubElement(graph, f"{{{SVG}}}g", {"class": f"{frame.get('class')} title"})
        for holder in list(frame.iter()):
            for text in holder.findall(f"{{{SVG}}}text"):
                holder.remove(text)
                lifted.append(text)
        _halo(lifted)


def _labels(edge: ET.Element) -> Iterator[ET.Element]:
    return edge.iter(f"{{{SVG}}}text")


def _halo(edge: ET.Element) -> None:
    """Let a word keep lines off, its own between its letters, too."""
    for text in _labels(edge):
        text.set("stroke", "white")
        text.set("stroke-width", "5")
        text.set("stroke-linejoin", "round")
        text.set("paint-order", "stroke")


def _head(root: ET.Element, drawing: Drawing) -> None:
    left, top, width, height = (float(n) for n in root.get("viewBox", "0 0 0 0").split())
    height += LEGEND_HEIGHT
    root.set("viewBox", f"{left:g} {top:g} {width:g} {height:g}")
    root.set("width", f"{width * 4 / 3:.0f}")
    root.set("height", f"{height * 4 / 3:.0f}")
    root.set("class", "atlas-svg")
    root.set("role", "group")
    root.set("aria-labelledby", f"{drawing.id}--title")
    root.set("font-family", FAMILY)
    title = ET.Element(f"{{{SVG}}}title", {"id": f"{drawing.id}--title"})
    title.text = drawing.title
    root.insert(0, title)
    graph = _graph(root)
    for old in graph.findall(f"{{{SVG}}}title"):
        graph.remove(old)
    graph.remove(_paper(root))
    page = {"class": "paper", "width": f"{width:g}", "height": f"{height:g}", "fill": "white"}
    root.insert(1, ET.Element(f"{{{SVG}}}rect", {**page, "x": f"{left:g}", "y": f"{top:g}"}))


def _graph(root: ET.Element) -> ET.Element:
    graph = root.find(f"{{{SVG}}}g")
    assert graph is not None  # noqa: S101 - every SVG of Graphviz has one
    return graph


def _paper(root: ET.Element) -> ET.Element:
    paper = _graph(root).find(f"{{{SVG}}}polygon")
    assert paper is not None  # noqa: S101 - likewise: its ground, as far as the drawing goes
    return paper
