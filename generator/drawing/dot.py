"""A `Drawing` as DOT text: quoting by the graphviz package, labels HTML-like and escaped."""

from html import escape

import graphviz

from generator.drawing.look import BOXES, CHANGES, FAINT, FONT, FRAMES, HEADS, INK, colour
from generator.drawing.model import Drawing, Edge, Group, Node


def dot(drawing: Drawing) -> str:
    """Return the DOT text; the same drawing gives the same bytes."""
    graph = graphviz.Digraph(
        drawing.id,
        graph_attr={
            "id": drawing.id,
            "rankdir": "LR",
            # Without it Graphviz loses edges of clustered left-to-right graphs, silently.
            "newrank": "true",
            "nodesep": "0.42",
            "ranksep": "1.0",
            "pad": "0.15",
            "bgcolor": "white",
            "fontname": FONT,
            "fontsize": "10",
            "fontcolor": FAINT,
        },
        node_attr={
            "fontname": FONT,
            "fontsize": "11",
            "fontcolor": INK,
            "shape": "box",
            "style": "rounded,filled",
            "penwidth": "1.1",
            "margin": "0.14,0.07",
        },
        edge_attr={"fontname": FONT, "fontsize": "9", "arrowsize": "0.75", "penwidth": "1.4"},
    )
    heights = _heights(drawing)
    _groups(graph, drawing, None, heights)
    column = {node.id for node in drawing.nodes if node.group in drawing.columns}
    written: set[tuple[str, str]] = set()
    for edge in sorted(drawing.edges):
        # Opposite arrows between two boxes fall onto one line unless both are written one way.
        turned = (edge.head, edge.tail) in written and edge.head != edge.tail
        written.add((edge.head, edge.tail) if turned else (edge.tail, edge.head))
        _edge(graph, drawing, edge, apart=edge.head in column, turned=turned)
    return str(graph.source)


def _groups(
    graph: graphviz.Digraph, drawing: Drawing, inside: str | None, heights: dict[str, str]
) -> bool:
    """Put the groups inside one, or the outermost, into a graph; tell whether there were nodes."""
    filled = False
    for group in drawing.groups:
        if group.inside != inside:
            continue
        nodes = sorted(node for node in drawing.nodes if node.group == group.id)
        # Without a title there is no frame: its nodes stand in the graph itself.
        home = _frame(drawing, group) if group.title else graph
        for node in nodes:
            _node(home, drawing, node, heights)
        full = _groups(home, drawing, group.id, heights) or bool(nodes)
        if full and home is not graph:
            graph.subgraph(home)
        if nodes and group.id in drawing.columns:
            _column(graph, nodes)
        filled = filled or full
    return filled


def _heights(drawing: Drawing) -> dict[str, str]:
    """Return a height in inches for each node that spreads its arrows over its sides."""
    heights = {}
    for node in drawing.nodes:
        starts = sum(edge.tail == node.id for edge in drawing.edges)
        ends = sum(edge.head == node.id for edge in drawing.edges)
        heights[node.id] = f"{0.4 + 0.13 * max(starts, ends, 1):.2f}"
    return heights


def _frame(drawing: Drawing, group: Group) -> graphviz.Digraph:
    fill, border = FRAMES[group.look]
    return graphviz.Digraph(
        f"cluster_{group.id}",
        graph_attr={
            "id": f"{drawing.id}--g-{group.id}",
            "class": f"frame {group.look}",
            "label": f"<<b>{_html(group.title)}</b>>",
            "labeljust": "l",
            "style": "rounded,filled",
            "fillcolor": fill,
            "color": border,
            "margin": "14",
            "tooltip": graphviz.escape(group.title),
        },
    )


def _node(graph: graphviz.Digraph, drawing: Drawing, node: Node, heights: dict[str, str]) -> None:
    fill, border = BOXES[node.look]
    style = {}
    if node.change in ("added", "removed"):
        border = CHANGES[node.change][0]
        dashes = "dashed" if node.change == "removed" else "solid"
        style = {"style": f"rounded,filled,{dashes}", "penwidth": "2.2"}
    graph.node(
        node.id,
        label=_label(node),
        id=f"{drawing.id}--n-{node.id}",
        height=heights[node.id],
        fillcolor=fill,
        color=border,
        URL=graphviz.escape(node.url),
        tooltip=graphviz.escape(node.tooltip),
        **style,
        **{"class": _classes(node.look, node.change)},
    )


def _label(node: Node) -> str:
    title = f"<tr><td><b>{_html(node.title)}</b></td></tr>"
    # An empty <font></font> would leave the node without its name.
    detail = (
        f'<tr><td><font point-size="9" color="{FAINT}">{_html(node.detail)}</font></td></tr>'
        if node.detail
        else ""
    )
    table = '<table border="0" cellborder="0" cellspacing="0" cellpadding="1">'
    return f"<{table}{title}{detail}</table>>"


def _html(value: str) -> str:
    """Return a value for an HTML-like label, in which Graphviz expands backslashes, too."""
    return escape(" ".join(value.split()).replace("\\", "\\\\"))


def _edge(
    graph: graphviz.Digraph, drawing: Drawing, edge: Edge, *, apart: bool, turned: bool
) -> None:
    hue = colour(edge)
    graph.edge(
        *((edge.head, edge.tail) if turned else (edge.tail, edge.head)),
        dir="back" if turned else "forward",
        label=_edge_label(edge),
        id=f"{drawing.id}--e-{edge.id}",
        color=hue,
        fontcolor=hue,
        style=edge.line,
        arrowhead=HEADS[edge.cipher],
        arrowtail=HEADS[edge.cipher],
        minlen="2" if apart else "1",
        penwidth="2.2" if edge.heavy else "1.4",
        URL=graphviz.escape(edge.url),
        tooltip=graphviz.escape(edge.tooltip),
        labeltooltip=graphviz.escape(edge.tooltip),
        **{"class": _classes(f"{edge.cipher} {edge.line}", edge.change)},
    )


def _edge_label(edge: Edge) -> str:
    """Return the label; one of a difference has room around it, to stand apart from others."""
    text = f"&#160;{_html(edge.label)}&#160;"
    if not edge.change:
        return f"<{text}>"
    return f'<<table border="0" cellborder="0" cellpadding="4"><tr><td>{text}</td></tr></table>>'


def _classes(look: str, change: str) -> str:
    return f"{look} {change}" if change else look


def _column(graph: graphviz.Digraph, nodes: list[Node]) -> None:
    """Keep nodes on one rank, whatever the arrows between them say."""
    same = graphviz.Digraph(graph_attr={"rank": "same"})
    for node in nodes:
        same.node(node.id)
    graph.subgraph(same)
