"""Drawings of a difference: every flow that differs is in an arrow, told by three signs."""

import re
import xml.etree.ElementTree as ET
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from generator.diagrams.diff import BUDGET, WITH_CONTEXT, diff_drawing
from generator.diff.compare import compare_sites
from generator.diff.flows import flow_changes, on_network
from generator.diff.model import SiteDiff
from generator.drawing.draw import draw_all
from generator.drawing.geometry import SVG
from generator.drawing.look import CHANGES
from generator.drawing.model import SIGNS
from generator.drawing.together import together
from generator.load import Atlas

from ..flows.sites import Data
from ..flows.strategies import CATALOGUE, Made, sites
from .reviews import both, changed, issue, reviewed


def site_diff(atlas: Atlas, before: Data, after: Data, name: str = "multi-geo") -> SiteDiff:
    (found,) = reviewed(atlas.catalogue, {name: before}, {name: after}).diff.sites
    return found


@settings(max_examples=40)
@given(sites(), sites())
def test_every_flow_that_differs_is_in_an_arrow(before: Made, after: Made) -> None:
    diff = compare_sites(both(CATALOGUE), before.derived, after.derived)
    if diff is None:
        return
    drawing = diff_drawing(both(CATALOGUE), diff).drawing
    assert len(drawing.edges) <= BUDGET
    differing = [change for change in flow_changes(diff) if on_network(change)]
    if any(edge.tail.startswith("in-") for edge in drawing.edges):
        return  # folded: pairs of segments, of which some may be left out and counted
    for change in differing:
        flow = change.flow
        groups = diff.renames.groups if change.after is None else {}
        ends = [groups.get(end.group, end.group) for end in (flow.initiator, flow.listener)]
        arrows = [
            edge
            for edge in drawing.edges
            if [edge.tail, edge.head] == ends
            and edge.change == change.kind
            and edge.cipher == flow.encryption
            and f"{flow.numbers}/{flow.port.transport} {flow.port.title}" in edge.tooltip
        ]
        assert arrows, change.id
    assert {edge.change for edge in drawing.edges} - {"same"} == {c.kind for c in differing}


def test_what_stays_does_not_hide_clear_text_behind_tls(atlas: Atlas) -> None:
    def change(data: Data) -> None:
        data["numbers"] = {"agent-https": 7801}

    before, after = changed("single-server", change)
    diff = site_diff(atlas, before, after, "single-server")
    drawing = diff_drawing(both(atlas.catalogue), diff).drawing
    assert diff.derived_after is not None
    staying = [edge for edge in drawing.edges if edge.change == "same"]
    assert {"tls", "none"} <= {edge.cipher for edge in staying}
    for edge in staying:
        ciphers = {
            flow.encryption
            for flow in diff.derived_after.flows
            if (flow.initiator.group, flow.listener.group) == (edge.tail, edge.head)
            and f"{flow.numbers}/{flow.port.transport} {flow.port.title}" in edge.tooltip
        }
        assert ciphers == {edge.cipher}
        assert edge.label.endswith(SIGNS[edge.cipher])


@settings(max_examples=40)
@given(sites(), sites())
def test_boxes_together_have_the_same_arrows(before: Made, after: Made) -> None:
    diff = compare_sites(both(CATALOGUE), before.derived, after.derived)
    if diff is None:
        return
    one = diff_drawing(both(CATALOGUE), diff, context=False).drawing
    merged = together(one)
    assert {edge.label for edge in merged.edges} == {edge.label for edge in one.edges}
    assert {node.id for node in merged.nodes} <= {node.id for node in one.nodes}
    ends = {end for edge in merged.edges for end in (edge.tail, edge.head)}
    assert ends == {node.id for node in merged.nodes}


def test_a_drawing_has_sign_line_and_colour(atlas: Atlas, tmp_path: Path) -> None:
    before, after = changed("multi-geo", issue)
    after["numbers"] = {"agent-https": 7801}
    one = diff_drawing(both(atlas.catalogue), site_diff(atlas, before, after))
    svg = draw_all([one.drawing], tmp_path)[one.drawing.id]
    root = ET.fromstring(svg)
    looks = set()
    for edge in one.drawing.edges:
        (drawn,) = [
            g for g in root.iter(f"{{{SVG}}}g") if g.get("id") == f"{one.drawing.id}--e-{edge.id}"
        ]
        path = next(drawn.iter(f"{{{SVG}}}path"))
        text = "".join(drawn.itertext())
        assert path.get("stroke") == CHANGES[edge.change][0]
        looks.add((edge.change, path.get("stroke-dasharray"), path.get("stroke")))
        mark = CHANGES[edge.change][2][0] if edge.change != "same" else ""
        assert mark in text
    kinds = {look[0] for look in looks}
    assert {"added", "removed", "changed"} <= kinds
    assert len({look[1:] for look in looks}) == len(kinds)
    legend = "".join(
        "".join(g.itertext()) for g in root.iter(f"{{{SVG}}}g") if g.get("class") == "legend"
    )
    assert all(CHANGES[kind][2] in legend for kind in kinds)
    shown = "".join(root.itertext())
    assert "7801 ← 7800" in shown
    assert "+ nas-emea" in shown


def test_what_stays_is_drawn_only_while_there_is_room(atlas: Atlas) -> None:
    small = diff_drawing(both(atlas.catalogue), site_diff(atlas, *changed("multi-geo", issue)))
    assert "same" in {edge.change for edge in small.drawing.edges}
    assert len(small.drawing.edges) <= WITH_CONTEXT
    assert "in grey what stays" in small.shows

    def every_number(data: Data) -> None:
        data["numbers"] = {"agent-https": 7801, "cd-server-stomp": 61614}

    large = diff_drawing(
        both(atlas.catalogue), site_diff(atlas, *changed("multi-geo", every_number))
    )
    assert len(large.drawing.edges) <= BUDGET
    assert "same" not in {edge.change for edge in large.drawing.edges}


def test_too_many_arrows_are_folded_by_segment(atlas: Atlas) -> None:
    def more(data: Data) -> None:
        for number in range(45):
            data["hosts"][f"ci{number}"] = {
                "segment": "build" if number % 2 else "core",
                "roles": ["agent"],
            }

    one = diff_drawing(both(atlas.catalogue), site_diff(atlas, *changed("multi-geo", more)))
    assert "folded by pair of segments" in one.shows
    assert 0 < len(one.drawing.edges) <= BUDGET
    assert all(edge.tail.startswith("in-") for edge in one.drawing.edges)


def test_a_site_that_came_is_all_new(atlas: Atlas) -> None:
    before, _ = changed("single-server", lambda data: None)
    (diff,) = reviewed(atlas.catalogue, {}, {"single-server": before}).diff.sites
    one = diff_drawing(both(atlas.catalogue), diff)
    assert {edge.change for edge in one.drawing.edges} == {"added"}
    assert not any(node.change for node in one.drawing.nodes)
    count = sum(on_network(change) for change in flow_changes(diff))
    assert re.match(rf"{count} added flows", one.shows)


@given(st.sampled_from(["added", "removed", "changed", "same"]))
def test_no_two_kinds_look_alike(kind: str) -> None:
    others = [(c[0], c[2]) for key, c in CHANGES.items() if key != kind]
    mine = next((c[0], c[2]) for key, c in CHANGES.items() if key == kind)
    assert all(mine[0] != colour and mine[1] != words for colour, words in others)


def test_the_crossing_that_differs_is_seen_first(atlas: Atlas, tmp_path: Path) -> None:
    diff = site_diff(atlas, *changed("multi-geo", issue))
    drawing = diff_drawing(both(atlas.catalogue), diff).drawing
    svg = draw_all([drawing], tmp_path)[drawing.id]
    heights = {
        text.text: float(text.get("y", ""))
        for text in ET.fromstring(svg).iter(f"{{{SVG}}}text")
        if (text.text or "").startswith("Zone ")
    }
    assert sorted(heights, key=heights.__getitem__) == ["Zone default", "Zone emea"]


def test_labels_of_two_arrows_between_the_same_boxes_stand_apart(
    atlas: Atlas, tmp_path: Path
) -> None:
    diff = site_diff(atlas, *changed("multi-geo", issue))
    drawing = diff_drawing(both(atlas.catalogue), diff).drawing
    svg = draw_all([drawing], tmp_path)[drawing.id]
    texts = ET.fromstring(svg).iter(f"{{{SVG}}}text")
    heights = [float(t.get("y", "")) for t in texts if re.search("636|389", t.text or "")]
    assert len(heights) == 2
    assert abs(heights[0] - heights[1]) > 2.4 * 9  # lines of 9 points, with room
