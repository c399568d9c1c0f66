"""Drawings: everything that is on one is in its SVG, or the build fails and says what is not."""

import xml.etree.ElementTree as ET
from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from itertools import combinations, pairwise
from math import dist
from pathlib import Path
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.catalogue import Catalogue, Cipher, Encryption, Initiator, Numbers, Port, Requirement
from generator.diagrams.catalogue import component_diagram, full, overview
from generator.drawing import dot as dot_module
from generator.drawing import draw, look, process
from generator.drawing.apart import SAME
from generator.drawing.dot import dot
from generator.drawing.geometry import SVG, points_of
from generator.drawing.model import SIGNS, Drawing, Edge, Group, Line, Node
from generator.drawing.svg import XLINK, DrawingError, finish
from generator.load import load
from generator.render.site import render
from generator.views import Connection, components, connections

from ..examples import DATA
from ..site.workspace import TINY
from .html import collapsed
from .values import HOSTILE

PRODUCT = load(DATA)
LIGHTHOUSE = load(TINY / "data").catalogue
DRAWINGS: dict[str, Drawing] = {d.id: d for d in render(PRODUCT).drawings.values()}
every_drawing = pytest.mark.parametrize("name", DRAWINGS)


@pytest.fixture(scope="module")
def svgs(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, ET.Element]:
    drawn = draw.draw_all(DRAWINGS.values(), tmp_path_factory.mktemp("cache"))
    return {name: ET.fromstring(svg) for name, svg in drawn.items()}


@pytest.fixture(scope="module")
def small() -> Drawing:
    return overview(LIGHTHOUSE)


@pytest.fixture(scope="module")
def raw(small: Drawing, tmp_path_factory: pytest.TempPathFactory) -> str:
    """What Graphviz makes of the made-up product's overview."""
    cache = tmp_path_factory.mktemp("raw")
    with process.drawers(1, draw._configuration(draw._fonts(), cache)) as some:
        return some.draw(small.id, dot(small))


def groups(root: ET.Element, kind: str) -> list[ET.Element]:
    """Return the elements of a class that Graphviz drew, without those of the legend."""
    of_class = (g for g in root.iter(f"{{{SVG}}}g") if g.get("class", "").split()[:1] == [kind])
    return [g for g in of_class if g.get("id")]


def texts(element: ET.Element) -> list[str]:
    """Return the lines of text within, each collapsed."""
    return [collapsed("".join(text.itertext())) for text in element.iter(f"{{{SVG}}}text")]


# ---- everything is there, once ------------------------------------------------------------------


@every_drawing
def test_every_node_and_edge_is_there_once(svgs: Mapping[str, ET.Element], name: str) -> None:
    drawing, root = DRAWINGS[name], svgs[name]
    assert drawing.edges
    assert Counter(g.get("id") for g in groups(root, "node")) == {
        f"{name}--n-{node.id}": 1 for node in drawing.nodes
    }
    assert Counter(g.get("id") for g in groups(root, "edge")) == {
        f"{name}--e-{edge.id}": 1 for edge in drawing.edges
    }
    by_id = {g.get("id"): g for g in root.iter(f"{{{SVG}}}g")}
    for node in drawing.nodes:
        assert texts(by_id[f"{name}--n-{node.id}"]) == [node.title, node.detail]
    for edge in drawing.edges:
        element = by_id[f"{name}--e-{edge.id}"]
        assert texts(element) == [edge.label]
        assert {link.get(f"{{{XLINK}}}href") for link in element.iter(f"{{{SVG}}}a")} == {edge.url}
        assert element.find(f"{{{SVG}}}title").text == edge.tooltip  # type: ignore[union-attr]
        lines = {path.get("stroke") for path in element.iter(f"{{{SVG}}}path")}
        assert lines == {look.EDGES[edge.cipher]}


@every_drawing
def test_no_arrow_lies_on_another(svgs: Mapping[str, ET.Element], name: str) -> None:
    curves = [
        points_of(path) for g in groups(svgs[name], "edge") for path in g.iter(f"{{{SVG}}}path")
    ]
    for one, other in combinations(curves, 2):
        assert len(one) != len(other) or max(map(dist, one, other)) >= SAME


@every_drawing
def test_ids_carry_the_drawings_prefix(svgs: Mapping[str, ET.Element], name: str) -> None:
    ids = [element.get("id", "") for element in svgs[name].iter() if "id" in element.attrib]
    assert len(ids) == len(set(ids))
    assert [i for i in ids if i != name and not i.startswith((f"{name}--", f"a_{name}--"))] == []


@every_drawing
def test_the_legend_has_what_occurs(svgs: Mapping[str, ET.Element], name: str) -> None:
    edges = DRAWINGS[name].edges
    (legend,) = (g for g in svgs[name].iter(f"{{{SVG}}}g") if g.get("class") == "legend")
    ciphers = [word for c, word in look.LEGEND.items() if c in {edge.cipher for edge in edges}]
    lines = [word for line, word in look.LINES.items() if line in {edge.line for edge in edges}]
    assert texts(legend) == [*ciphers, *lines]


def test_every_legend_entry_is_somewhere_and_not_everywhere() -> None:
    """Or the test above could not fail."""
    ciphers = {frozenset(edge.cipher for edge in drawing.edges) for drawing in DRAWINGS.values()}
    lines = {frozenset(edge.line for edge in drawing.edges) for drawing in DRAWINGS.values()}
    assert frozenset().union(*ciphers) == set(get_args(Cipher))
    assert frozenset().union(*lines) == set(get_args(Line))
    assert len(ciphers) > 1
    assert len(lines) > 1


@every_drawing
def test_a_svg_scales_and_is_no_single_image(svgs: Mapping[str, ET.Element], name: str) -> None:
    root = svgs[name]
    assert root.get("role") == "group"
    assert root.get("viewBox")
    titles = [t.text for t in root.iter(f"{{{SVG}}}title") if t.get("id") == f"{name}--title"]
    assert titles == [DRAWINGS[name].title]


def test_hostile_text_is_shown_as_it_is(tmp_path: Path) -> None:
    values = [collapsed(value) for value in HOSTILE if value.strip()] + [r"\N \G \l", "a:b"]
    values += ["two  blanks", "two\nlines", "no\u00a0break"]
    nodes = tuple(
        Node(f"n{n}", value, f"{value}!", "product", "all", "../x/index.html", value)
        for n, value in enumerate(values)
    )
    edges = tuple(
        Edge(one.id, other.id, "none", "solid", one.title, one.title, "../y/index.html", one.id)
        for one, other in pairwise(nodes)
    )
    drawing = Drawing("hostile", "x", (Group("all", "<b>&\\N", "plain"),), nodes, edges)
    root = ET.fromstring(draw.draw_all([drawing], tmp_path)["hostile"])
    drawn = sorted(g.get("id", "") for g in groups(root, "edge"))
    assert drawn == sorted(f"hostile--e-{edge.id}" for edge in edges)
    by_id = {g.get("id"): g for g in root.iter(f"{{{SVG}}}g")}
    for node in nodes:
        element = by_id[f"hostile--n-{node.id}"]
        assert texts(element) == [collapsed(node.title), collapsed(node.detail)]
        assert element.find(f"{{{SVG}}}title").text == node.tooltip  # type: ignore[union-attr]
    assert {element.tag.rpartition("}")[2] for element in root.iter()} == {
        "svg", "g", "title", "rect", "path", "polygon", "text", "a",
    }  # fmt: skip


# ---- a fault is said, and names the diagram -----------------------------------------------------


def test_an_unknown_colour_fails(
    small: Drawing, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(look.EDGES, "tls", "bleu")
    with pytest.raises(DrawingError, match=r"^diagram overview: .*bleu.*not a known color"):
        draw.draw_all([small], tmp_path)
    assert list(tmp_path.glob("*.svg")) == []


def test_a_node_without_its_name_fails(
    small: Drawing, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dot_module, "_label", lambda node: "<<font></font>>")
    with pytest.raises(DrawingError, match=r"^diagram overview: "):
        draw.draw_all([small], tmp_path)


def test_a_wrong_name_fails_and_is_named(
    small: Drawing, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dot_module, "_label", lambda node: "Somebody else")
    with pytest.raises(DrawingError, match=r"^diagram overview: .*left out.* the box “Lamp”"):
        draw.draw_all([small], tmp_path)
    assert list(tmp_path.glob("*.svg")) == []


def test_text_that_is_no_graph_fails(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(draw, "dot", lambda drawing: "digraph {")
    with pytest.raises(DrawingError, match=r"^diagram overview: Graphviz says: "):
        draw.draw_all([overview(LIGHTHOUSE)], tmp_path)


def without(raw: str, identifier: str) -> str:
    """Return an SVG without one of its groups."""
    root = ET.fromstring(raw)
    (parent,) = (p for p in root.iter() for child in p if child.get("id") == identifier)
    parent.remove(next(child for child in parent if child.get("id") == identifier))
    return ET.tostring(root, encoding="unicode")


def test_what_graphviz_drew_is_complete(small: Drawing, raw: str) -> None:
    """Or the tests below would prove nothing."""
    assert ET.fromstring(finish(small, raw)).get("class") == "atlas-svg"


def test_each_lost_edge_is_named(small: Drawing, raw: str) -> None:
    for edge in small.edges:
        with pytest.raises(DrawingError) as caught:
            finish(small, without(raw, f"overview--e-{edge.id}"))
        assert str(caught.value) == (
            f"diagram overview: Graphviz left out "
            f"the arrow “{edge.label}” from {edge.tail} to {edge.head}"
        )


def test_each_lost_node_is_named(small: Drawing, raw: str) -> None:
    for node in small.nodes:
        with pytest.raises(DrawingError) as caught:
            finish(small, without(raw, f"overview--n-{node.id}"))
        assert str(caught.value) == f"diagram overview: Graphviz left out the box “{node.title}”"


@pytest.mark.parametrize("lost", ["Lamp", "4711", "4712/udp clear text"])
def test_each_lost_word_is_named(small: Drawing, raw: str, lost: str) -> None:
    root = ET.fromstring(raw)
    hit = [t for t in root.iter(f"{{{SVG}}}text") if lost in collapsed(t.text or "")]
    assert hit
    for text in hit:
        text.text = ""
    with pytest.raises(DrawingError, match="diagram overview: Graphviz left out") as caught:
        finish(small, ET.tostring(root, encoding="unicode"))
    assert lost in str(caught.value)


def test_an_edge_too_many_is_found(small: Drawing, raw: str) -> None:
    fewer = replace(small, edges=small.edges[1:])
    with pytest.raises(DrawingError, match=r"diagram overview: .* drew \d+ arrows for \d+"):
        finish(fewer, raw)


def test_a_drawing_that_takes_too_long_is_killed(
    small: Drawing, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(process, "SECONDS", 0.0)
    with pytest.raises(DrawingError, match=r"^diagram overview: not drawn within 0 s"):
        draw.draw_all([small], tmp_path / "cache")


def test_what_was_drawn_is_not_drawn_again(
    small: Drawing, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = draw.draw_all([small], tmp_path)

    def no_more(*_: object) -> str:
        raise AssertionError

    monkeypatch.setattr(process.Drawers, "draw", no_more)
    assert draw.draw_all([small], tmp_path) == first
    with pytest.raises(AssertionError):
        draw.draw_all([replace(small, edges=small.edges[1:])], tmp_path)


# ---- DOT ----------------------------------------------------------------------------------------


@every_drawing
def test_dot_keeps_edges_from_being_lost(name: str) -> None:
    assert "newrank=true" in dot(DRAWINGS[name])
    assert "rankdir=LR" in dot(DRAWINGS[name])


@every_drawing
def test_dot_does_not_depend_on_the_order(name: str) -> None:
    drawing = DRAWINGS[name]
    turned = replace(drawing, nodes=drawing.nodes[::-1], edges=drawing.edges[::-1])
    assert turned != drawing
    assert dot(turned) == dot(drawing)


# ---- what an arrow may stand for ----------------------------------------------------------------


def line_of(connection: Connection) -> Line:
    if connection.conditional:
        return "dotted"
    return "solid" if connection.requirement == "always" else "dashed"


def test_every_connection_is_in_exactly_one_arrow() -> None:
    """Of the product's full diagram, by its tooltip, with its own encryption and line."""
    catalogue = PRODUCT.catalogue
    drawn = full(catalogue)
    network = [c for c in connections(catalogue) if c.port.scope == "network"]
    for connection in network:
        port = connection.port
        title = catalogue.components[connection.initiator.component].title
        said = f"{port.numbers}/{port.transport} {port.title}"
        alike = [
            edge
            for edge in drawn.edges
            if said in edge.tooltip
            and title in edge.tooltip.partition(" → ")[0]
            and catalogue.components[port.listener].title in edge.tooltip.partition(" → ")[2]
            and edge.line == line_of(connection)
        ]
        assert alike, connection
        assert {edge.cipher for edge in alike} == {port.encryption.default}
        assert all(SIGNS[edge.cipher] in edge.label for edge in alike)


def test_component_diagrams_have_what_the_tables_have() -> None:
    """Every connection of a component is on its own diagram, loopback too."""
    catalogue = PRODUCT.catalogue
    for component in components(catalogue):
        tooltips = " ".join(e.tooltip for e in component_diagram(catalogue, component).edges)
        for c in connections(catalogue):
            if component.id in (c.initiator.component, c.port.listener):
                assert f"{c.port.numbers}/{c.port.transport} {c.port.title}" in tooltips


PORTS = st.lists(
    st.tuples(
        st.sampled_from(get_args(Cipher)),
        st.sampled_from(get_args(Requirement)),
        st.booleans(),
        st.sampled_from(["keeper", "lamp", "clockwork"]),
        st.sampled_from(["zone", "site"]),
    ),
    min_size=1,
    max_size=15,
)


@given(kinds=PORTS)
def test_clear_text_never_hides_behind_tls(
    kinds: list[tuple[Cipher, Requirement, bool, str, str]],
) -> None:
    sample = LIGHTHOUSE.ports["horn-wire"]
    made: dict[str, Port] = {}
    for n, (cipher, requirement, conditional, initiator, reach) in enumerate(kinds):
        made[f"p{n}"] = replace(
            sample,
            id=f"p{n}",
            title=f"Port {n}",
            numbers=Numbers(10001 + n, 10001 + n),
            encryption=Encryption(cipher, None),
            requirement=requirement,
            condition="twin" if conditional else None,
            alternative_to=None,
            initiators=(
                Initiator(initiator, reach, "x", None, None, sample.place),  # type: ignore[arg-type]
            ),
        )
    catalogue: Catalogue = replace(LIGHTHOUSE, ports=made)
    drawing = full(catalogue)
    for port in made.values():
        (edge,) = (e for e in drawing.edges if str(port.numbers) in e.label.split())
        assert edge.cipher == port.encryption.default
        assert edge.line == line_of(Connection(port, port.initiators[0]))
        assert edge.label.endswith(SIGNS[edge.cipher])
    shown = [part for edge in drawing.edges for part in edge.label.split() if part.isdigit()]
    assert sorted(shown) == [str(port.numbers) for port in made.values()]
