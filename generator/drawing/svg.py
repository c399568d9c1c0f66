"""What Graphviz drew, checked against the drawing and made fit for a page.

Graphviz can leave out an edge or a name and still write a complete-looking file, so everything
that is on the drawing is looked for in the SVG.
"""

import xml.etree.ElementTree as ET
from collections.abc import Iterator

from generator.drawing.labels import spread
from generator.drawing.look import (
    CHANGES,
    DASHES,
    EDGES,
    FAINT,
    FAMILY,
    FONT,
    HEADS,
    INK,
    LEGEND,
    LINES,
)
from generator.drawing.model import Drawing, Edge, Line, Node

SVG = "http://www.w3.org/2000/svg"
XLINK = "http://www.w3.org/1999/xlink"
ET.register_namespace("", SVG)
ET.register_namespace("xlink", XLINK)

LEGEND_HEIGHT = 30
UNKNOWN = f"? {LEGEND['unknown'].removesuffix(' (?)')}"


class DrawingError(Exception):
    """A diagram could not be drawn, or something on it was left out; the message names it."""


def finish(drawing: Drawing, raw: str) -> str:
    """Return the SVG for publication: complete, titled, with a legend, without fixed size."""
    root = ET.fromstring(raw)  # noqa: S314 - written by Graphviz, a moment ago
    found = {element.get("id", ""): element for element in root.iter(f"{{{SVG}}}g")}
    missing = list(_missing(drawing, found))
    if missing:
        raise DrawingError(f"diagram {drawing.id}: Graphviz left out {', '.join(missing)}")
    things: tuple[Node | Edge, ...] = (*drawing.nodes, *drawing.edges)
    for thing in things:
        _retitle(found[_id(drawing, thing)], thing.tooltip)
    for group in drawing.groups:
        frame = found.get(f"{drawing.id}--g-{group.id}")
        if frame is not None:
            _retitle(frame, group.title)
    spread([text for edge in drawing.edges for text in _labels(found[_id(drawing, edge)])])
    for edge in drawing.edges:
        _stroke(found[_id(drawing, edge)], edge)
        _halo(found[_id(drawing, edge)])
    for text in root.iter(f"{{{SVG}}}text"):
        if text.get("font-family") == FONT:
            del text.attrib["font-family"]
    _lift(root, [found.get(f"{drawing.id}--g-{group.id}") for group in drawing.groups])
    _head(root, drawing)
    _legend(root, drawing)
    ET.indent(root, " ")
    return ET.tostring(root, encoding="unicode") + "\n"


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
        path.attrib.update(_pattern(edge.line))


def _pattern(line: Line) -> dict[str, str]:
    if line == "solid":
        return {}
    dots = {"stroke-linecap": "round", "stroke-width": "1.9"} if line == "dotted" else {}
    return {"stroke-dasharray": DASHES[line], **dots}


def _lift(root: ET.Element, frames: list[ET.Element | None]) -> None:
    """Draw the titles of frames last: what crosses a title must not strike it through."""
    graph = root.find(f"{{{SVG}}}g")
    for frame in frames:
        if frame is None or graph is None:
            continue
        lifted = ET.SubElement(graph, f"{{{SVG}}}g", {"class": f"{frame.get('class')} title"})
        for holder in list(frame.iter()):
            for text in holder.findall(f"{{{SVG}}}text"):
                holder.remove(text)
                lifted.append(text)
        _halo(lifted)


def _labels(edge: ET.Element) -> Iterator[ET.Element]:
    return edge.iter(f"{{{SVG}}}text")


def _halo(edge: ET.Element) -> None:
    """Let a label keep the lines of other arrows off."""
    for text in _labels(edge):
        text.set("stroke", "white")
        text.set("stroke-width", "3")
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
    graph = root.find(f"{{{SVG}}}g")
    assert graph is not None  # noqa: S101 - every SVG of Graphviz has one
    for old in graph.findall(f"{{{SVG}}}title"):
        graph.remove(old)
    paper = graph.find(f"{{{SVG}}}polygon")
    if paper is not None:
        graph.remove(paper)
    page = {"class": "paper", "width": f"{width:g}", "height": f"{height:g}", "fill": "white"}
    root.insert(1, ET.Element(f"{{{SVG}}}rect", {**page, "x": f"{left:g}", "y": f"{top:g}"}))


def _legend(root: ET.Element, drawing: Drawing) -> None:
    """Say below the graph what colours, signs and lines mean, as far as they occur."""
    _, _, _, height = (float(n) for n in root.get("viewBox", "0 0 0 0").split())
    y = height - LEGEND_HEIGHT / 2
    group = ET.SubElement(root, f"{{{SVG}}}g", {"class": "legend", "font-size": "9"})
    x = 16.0
    if any(edge.change for edge in drawing.edges):
        _legend_of_changes(group, x, y, drawing)
        return
    for cipher, words in LEGEND.items():
        if any(edge.cipher == cipher for edge in drawing.edges):
            key = ET.SubElement(group, f"{{{SVG}}}g", {"class": f"edge {cipher} solid"})
            _line(key, x, y, EDGES[cipher], "solid")
            _arrow(key, x + 30, y, EDGES[cipher], HEADS[cipher])
            x = _words(key, x + 42, y, words, EDGES[cipher])
    for line, words in LINES.items():
        if any(edge.line == line for edge in drawing.edges):
            key = ET.SubElement(group, f"{{{SVG}}}g", {"class": "key"})
            _line(key, x, y, INK, line)
            x = _words(key, x + 36, y, words, FAINT)


def _legend_of_changes(group: ET.Element, x: float, y: float, drawing: Drawing) -> None:
    for change, (hue, line, words) in CHANGES.items():
        if any(edge.change == change for edge in drawing.edges):
            key = ET.SubElement(group, f"{{{SVG}}}g", {"class": f"edge {change}"})
            _line(key, x, y, hue, line)
            _arrow(key, x + 30, y, hue, "normal")
            x = _words(key, x + 42, y, words, hue)
    if any(edge.cipher == "unknown" for edge in drawing.edges):
        _words(ET.SubElement(group, f"{{{SVG}}}g", {"class": "key"}), x, y, UNKNOWN, FAINT)


def _line(parent: ET.Element, x: float, y: float, colour: str, line: Line) -> None:
    shape = {"d": f"M{x:g},{y:g}H{x + 30:g}", "stroke": colour, "stroke-width": "1.4"}
    ET.SubElement(parent, f"{{{SVG}}}path", {**shape, "fill": "none", **_pattern(line)})


def _arrow(parent: ET.Element, x: float, y: float, colour: str, head: str) -> None:
    notch = f" {x + 3:g},{y:g}" if head == "vee" else ""
    points = f"{x:g},{y - 3:g} {x + 8:g},{y:g} {x:g},{y + 3:g}{notch}"
    fill = "white" if head == "onormal" else colour
    ET.SubElement(parent, f"{{{SVG}}}polygon", {"points": points, "fill": fill, "stroke": colour})


def _words(parent: ET.Element, x: float, y: float, words: str, colour: str) -> float:
    """Write words and return where the next thing may stand: 5 units a letter are enough."""
    text = ET.SubElement(
        parent, f"{{{SVG}}}text", {"x": f"{x:g}", "y": f"{y + 3:g}", "fill": colour}
    )
    text.text = words
    return x + 5 * len(words) + 18
