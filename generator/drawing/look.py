"""The one look of all diagrams: Okabe-Ito hues, and a second sign for each."""

from generator.catalogue import Cipher
from generator.drawing.model import Change, Edge, Line

FONT = "Inter"
FAMILY = "Inter, system-ui, sans-serif"
"""What a reader's machine shows where it does not have the font that was measured."""

INK = "#263238"
FAINT = "#546e7a"

EDGES: dict[Cipher, str] = {
    "tls": "#0072b2",
    "ssh": "#007a5a",
    "none": "#c24e00",
    "unknown": "#5f6770",
}
"""Okabe-Ito blue, green, vermilion and grey, darkened until their labels pass 4.5:1 on white."""

HEADS: dict[Cipher, str] = {"tls": "normal", "ssh": "normal", "none": "onormal", "unknown": "vee"}

CHANGES: dict[Change, tuple[str, Line, str]] = {
    "added": ("#00704f", "solid", "+ added"),
    "removed": ("#9b3a78", "dotted", "\N{MINUS SIGN} removed"),
    "changed": ("#8a5a00", "dashed", "~ changed: new ← old"),
    "same": ("#6b757c", "solid", "unchanged"),
}
"""Colour, line and words of what differs: Okabe-Ito green, purple and orange, darkened likewise.

There a line says what became of a flow, not whether it is always needed.
"""


def colour(edge: Edge) -> str:
    """Return the colour of an arrow: its encryption's, or that of what became of it."""
    return CHANGES[edge.change][0] if edge.change else EDGES[edge.cipher]


BOXES: dict[str, tuple[str, str]] = {
    "person": ("#fff6e5", "#b58a3a"),
    "product": ("#eaf2fb", "#5b7da6"),
    "external": ("#f3f3f0", "#8a8f94"),
}
"""Fill and border of a node, by kind."""

FRAMES: dict[str, tuple[str, str]] = {
    "person": ("#fffdf8", "#ddd3bd"),
    "product": ("#f8fbfe", "#c3d0de"),
    "external": ("#fbfbfa", "#d2d4d2"),
    "plain": ("#ffffff", "#ffffff"),
    "zone": ("#f4f7fb", "#9fb3c8"),
    "segment": ("#ffffff", "#c3ccd6"),
}
"""Fill and border of a group, by kind."""

LEGEND: dict[Cipher, str] = {
    "tls": "TLS",
    "ssh": "SSH",
    "none": "clear text",
    "unknown": "encryption unknown (?)",
}
LINES: dict[Line, str] = {
    "solid": "always",
    "dashed": "when used, optional",
    "dotted": "only under a condition",
}
DASHES: dict[Line, str] = {"solid": "", "dashed": "6,3", "dotted": "0.1,4.5"}
"""SVG dash patterns; the dots get round ends."""
