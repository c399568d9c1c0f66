"""A `Drawing` as DOT text: quoting by the graphviz package, labels HTML-like and escaped."""

from html import escape

import graphviz

from generator.drawing.look import BOXES, EDGES, FAINT, FONT, FRAMES, HEADS, INK
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
            "nodesep": "0.3",
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
    grouped = {
        group.id: [n for n in drawing.nodes if n.group == group.id] for group in drawing.groups
    }
    heights = _heights(drawing)
    for group in drawing.groups:
        nodes = sorted(grouped[group.id])
        if nodes and group.title:
            graph.subgraph(_cluster(drawing, group, nodes, heights))
        for node in () if group.title else nodes:
            _node(graph, drawing, node, heights)
        if nodes and group.id in drawing.columns:
            _column(graph, nodes)
    column = {node.id for node in drawing.nodes if node.group in drawing.columns}
    for edge in sorted(drawing.edges):
        _edge(graph, drawing, edge, apart=edge.head in column)
    return str(graph.source)


def _heights(drawing: Drawing) -> dict[str, str]:
    """Return a height in inches for each node that spreads its arrows over its sides."""
    heights = {}
    for node in drawing.nodes:
        starts = sum(edge.tail == node.id for edge in drawing.edges)
        ends = sum(edge.head == node.id for edge in drawing.edges)
        heights[node.id] = f"{0.4 + 0.13 * max(starts, ends, 1):.2f}"
    return heights


def _cluster(
    drawing: Drawing, group: Group, nodes: list[Node], heights: dict[str, str]
) -> graphviz.Digraph:
    fill, border = FRAMES[group.look]
    cluster = graphviz.Digraph(
        f"cluster_{group.id}",
        graph_attr={
            "id": f"{drawing.id}--g-{group.id}",
            "class": f"frame {group.look}",
            "label": f"<<b>{escape(group.title)}</b>>",
            "labeljust": "l",
            "style": "rounded,filled",
            "fillcolor": fill,
            "color": border,
            "margin": "14",
            "tooltip": graphviz.escape(group.title),
        },
    )
    for node in nodes:
        _node(cluster, drawing, node, heights)
    return cluster


def _node(graph: graphviz.Digraph, drawing: Drawing, node: Node, heights: dict[str, str]) -> None:
    fill, border = BOXES[node.look]
    graph.node(
        node.id,
        label=_label(node),
        id=f"{drawing.id}--n-{node.id}",
        height=heights[node.id],
        fillcolor=fill,
        color=border,
        URL=graphviz.escape(node.url),
        tooltip=graphviz.escape(node.tooltip),
        **{"class": node.look},
    )


def _label(node: Node) -> str:
    title = f"<tr><td><b>{escape(node.title)}</b></td></tr>"
    # An empty <font></font> would leave the node without its name.
    detail = (
        f'<tr><td><font point-size="9" color="{FAINT}">{escape(node.detail)}</font></td></tr>'
        if node.detail
        else ""
    )
    table = '<table border="0" cellborder="0" cellspacing="0" cellpadding="1">'
    return f"<{table}{title}{detail}</table>>"


def _edge(graph: graphviz.Digraph, drawing: Drawing, edge: Edge, *, apart: bool) -> None:
    colour = EDGES[edge.cipher]
    graph.edge(
        edge.tail,
        edge.head,
        label=f"<&#160;{escape(edge.label)}&#160;>",
        id=f"{drawing.id}--e-{edge.id}",
        color=colour,
        fontcolor=colour,
        style=edge.line,
        arrowhead=HEADS[edge.cipher],
        minlen="2" if apart else "1",
        URL=graphviz.escape(edge.url),
        tooltip=graphviz.escape(edge.tooltip),
        labeltooltip=graphviz.escape(edge.tooltip),
        **{"class": f"{edge.cipher} {edge.line}"},
    )


def _column(graph: graphviz.Digraph, nodes: list[Node]) -> None:
    """Keep nodes on one rank, whatever the arrows between them say."""
    same = graphviz.Digraph(graph_attr={"rank": "same"})
    for node in nodes:
        same.node(node.id)
    graph.subgraph(same)
