"""What is moved on a drawing: arrows off each other, a title and a label off the arrows."""

import xml.etree.ElementTree as ET

from generator.drawing.apart import bend_apart
from generator.drawing.geometry import Box, Point, Points, line, points_of
from generator.drawing.labels import Label, Surroundings, box_of, place_labels, place_title

STRAIGHT = "M0,0C30,0 60,0 90,0"
PAGE = Box(-100, -100, 400, 100)


def path(curve: str) -> ET.Element:
    return ET.Element("path", {"d": curve})


def text(words: str, x: float, y: float) -> ET.Element:
    element = ET.Element("text", {"x": str(x), "y": str(y), "font-size": "9"})
    element.text = words
    return element


def test_an_arrow_on_another_is_bent_and_its_ends_stay() -> None:
    paths = [path(STRAIGHT), path("M0.5,0C30,1 60,0 90,0"), path(STRAIGHT)]
    bend_apart(paths)
    assert paths[0].get("d") == STRAIGHT
    middles = [points_of(one)[1].y for one in paths]
    assert len({round(y / 10) for y in middles}) == 3, middles
    for one in paths:
        assert points_of(one)[-1] == Point(90, 0)


def test_arrows_apart_stay_as_they_are() -> None:
    paths = [path(STRAIGHT), path("M0,9C30,9 60,9 90,9")]
    before = [one.get("d") for one in paths]
    bend_apart(paths)
    assert [one.get("d") for one in paths] == before


def test_a_title_goes_where_no_arrow_runs_through_it() -> None:
    title = text("Core", 10, 12)
    through = line(path("M20,-40C20,0 20,20 20,60"))
    place_title([title], Box(0, 0, 200, 80), Points([through]))
    assert box_of([title]).left > 20
    assert box_of([title]).right < 200
    assert title.get("y") == "12"


def test_a_title_that_is_not_in_the_way_stays() -> None:
    title = text("Core", 10, 12)
    place_title([title], Box(0, 0, 200, 80), Points([line(path("M150,-40C150,0 150,20 150,60"))]))
    assert title.get("x") == "10"


def test_a_label_leaves_another_arrow_and_stays_at_its_own() -> None:
    own = line(path("M0,0C100,0 200,0 300,0"))
    other = line(path("M150,-40C150,-20 150,20 150,40"))
    label = text("8443", 140, -2)
    points = Points([own, other])
    place_labels([Label([label], own)], Surroundings(PAGE, [], [], points))
    box = box_of([label])
    assert {number for number, _ in points.within(box.wider(1))} <= {0}
    assert {number for number, _ in points.within(box.wider(6))} == {0}


def test_labels_and_boxes_do_not_cover_each_other() -> None:
    own = line(path("M0,0C100,0 200,0 300,0"))
    labels = [Label([text("8443", 140, -2)], own), Label([text("8200", 141, -2)], own)]
    node = Box(120, -30, 200, 5)
    place_labels(labels, Surroundings(PAGE, [node], [], Points([own, own])))
    one, other = (box_of(label.texts) for label in labels)
    assert not one.meets(other)
    assert not one.meets(node)
    assert not other.meets(node)
