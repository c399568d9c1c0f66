"""What is below a drawing: what its colours, signs and lines mean."""

import xml.etree.ElementTree as ET

from generator.drawing.geometry import SVG
from generator.drawing.look import CHANGES, DASHES, EDGES, FAINT, HEADS, INK, LEGEND, LINES
from generator.drawing.model import Drawing, Line

LEGEND_HEIGHT = 30
UNKNOWN = f"? {LEGEND['unknown'].removesuffix(' (?)')}"


def legend(root: ET.Element, drawing: Drawing) -> None:
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
    ET.SubElement(parent, f"{{{SVG}}}path", {**shape, "fill": "none", **pattern(line)})


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


def pattern(line: Line) -> dict[str, str]:
    """Return the attributes that make a line dashed or dotted."""
    if line == "solid":
        return {}
    dots = {"stroke-linecap": "round", "stroke-width": "1.9"} if line == "dotted" else {}
    return {"stroke-dasharray": DASHES[line], **dots}
