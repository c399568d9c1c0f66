"""A `Drawing` as Mermaid text, which Git hosts draw: for what must be seen where no file can be.

Ids are ours. Of a value, every character that is no plain letter, number or blank becomes an
entity code, so that none is taken for Mermaid, Markdown or HTML.
"""

import re

from generator.drawing.model import Change, Drawing, Edge

MOST_CHARACTERS = 50_000
"""What Mermaid takes by default, and Git hosts leave so."""

MOST_EDGES = 500

_PLAIN = re.compile(r"[A-Za-z0-9 .,]+|[^\x00-\x7f]", re.ASCII)

_STROKES: dict[Change, str] = {
    "added": "stroke:#0a8f68,stroke-width:3px",
    "removed": "stroke:#b8579a,stroke-width:2px,stroke-dasharray:2 4",
    "changed": "stroke:#a87000,stroke-width:3px,stroke-dasharray:7 4",
    "same": "stroke:#7a858c,stroke-width:1px",
}
"""The hues of the diagrams, between dark and light: whoever draws it has a background of his own.

So a label has no colour of ours: it has a sign.
"""


def mermaid(drawing: Drawing) -> str:
    """Return the lines of a flowchart; the same drawing gives the same text."""
    lines = ["flowchart LR"]
    ids = {node.id: f"n{index}" for index, node in enumerate(drawing.nodes)}
    frames = {group.id: f"g{index}" for index, group in enumerate(drawing.groups)}
    lines += _frame(drawing, ids, frames, None, "  ")
    edges = sorted(drawing.edges)
    lines += [f'  {ids[edge.tail]} -->|"{label(edge.label)}"| {ids[edge.head]}' for edge in edges]
    lines += _strokes(edges)
    for change in ("added", "removed"):
        named = [ids[node.id] for node in drawing.nodes if node.change == change]
        if named:
            lines.append(f"  style {','.join(named)} {_STROKES[change]}")
    return "\n".join(lines) + "\n"


def _frame(
    drawing: Drawing, ids: dict[str, str], frames: dict[str, str], inside: str | None, indent: str
) -> list[str]:
    lines: list[str] = []
    for group in drawing.groups:
        if group.inside != inside:
            continue
        within = [
            f'{indent}  {ids[node.id]}["<b>{label(node.title)}</b><br>{label(node.detail)}"]'
            for node in drawing.nodes
            if node.group == group.id
        ]
        within += _frame(drawing, ids, frames, group.id, f"{indent}  ")
        if within:
            head = f'{indent}subgraph {frames[group.id]}["{label(group.title)}"]'
            # Left alone, a group without arrows out of it is drawn from top to bottom.
            lines += [head, f"{indent}  direction LR", *within, f"{indent}end"]
    return lines


def _strokes(edges: list[Edge]) -> list[str]:
    """Return the styles of arrows, one line for all that are alike."""
    lines = []
    for change, stroke in _STROKES.items():
        numbers = [str(index) for index, edge in enumerate(edges) if edge.change == change]
        if numbers:
            lines.append(f"  linkStyle {','.join(numbers)} {stroke}")
    return lines


def label(value: str) -> str:
    """Return a value for a quoted label, on one line."""
    line = " ".join(value.split())
    coded = "".join(c if _PLAIN.fullmatch(c) else f"#{ord(c)};" for c in line)
    # Mermaid breaks the line at a backslash and an n, even at coded ones: keep them apart.
    return coded.replace("#92;n", "#92;#8203;n") or " "
