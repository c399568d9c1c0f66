"""What Graphviz drew, made readable: arrows apart from each other, words off the arrows."""

import xml.etree.ElementTree as ET
from collections.abc import Iterable, Sequence

from generator.drawing.apart import bend_apart
from generator.drawing.geometry import SVG, Points, line, outline
from generator.drawing.labels import Label, Surroundings, place_labels, place_title


def arrange(
    paper: ET.Element,
    nodes: Iterable[ET.Element],
    frames: Iterable[ET.Element],
    arrows: Sequence[ET.Element],
) -> None:
    """Bend arrows that lie on others; then move titles and labels to where they are read."""
    bend_apart([_path(arrow) for arrow in arrows])
    lines = [line(_path(arrow)) for arrow in arrows]
    points = Points(lines)
    boxes = [outline(_path(node)) for node in nodes]
    boxes += [outline(head) for arrow in arrows for head in arrow.iter(f"{{{SVG}}}polygon")]
    borders = []
    for frame in frames:
        borders.append(outline(_path(frame)))
        boxes.append(place_title(_texts(frame), borders[-1], points))
    labels = [Label(_texts(arrow), one) for arrow, one in zip(arrows, lines, strict=True)]
    place_labels(labels, Surroundings(outline(paper), boxes, borders, points))


def _path(element: ET.Element) -> ET.Element:
    found = element.find(f".//{{{SVG}}}path")
    assert found is not None  # noqa: S101 - a box or arrow without one was refused before
    return found


def _texts(element: ET.Element) -> list[ET.Element]:
    return list(element.iter(f"{{{SVG}}}text"))
