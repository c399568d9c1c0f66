"""Arrows that Graphviz drew onto one line, bent apart: the lower one would be lost.

It does so now and then with two arrows that join the same two boxes.
"""

import xml.etree.ElementTree as ET
from collections.abc import Sequence
from math import dist, hypot

from generator.drawing.geometry import Point, points_of

SAME = 3.0
"""Units within which two lines are one to the eye."""
BEND = 14.0
"""Units by which the middle of a line is moved; its ends stay."""


def bend_apart(paths: Sequence[ET.Element]) -> None:
    """Bend each line that lies on one before it, to the side where none is."""
    seen: list[list[Point]] = []
    for path in paths:
        points = points_of(path)
        bent = points
        times = 0
        while any(_same(bent, other) for other in seen):
            times += 1
            bent = _bent(points, BEND * times)
        if times:
            path.set("d", _curves(bent))
        seen.append(bent)


def _same(one: Sequence[Point], other: Sequence[Point]) -> bool:
    return len(one) == len(other) and all(
        dist(a, b) < SAME for a, b in zip(one, other, strict=True)
    )


def _bent(points: Sequence[Point], by: float) -> list[Point]:
    """Move all points but both ends, across the way from one end to the other."""
    start, end = points[0], points[-1]
    length = hypot(end.x - start.x, end.y - start.y)
    across = ((start.y - end.y) / length, (end.x - start.x) / length) if length else (1.0, 0.0)
    x, y = by * across[0], by * across[1]
    return [start, *(Point(p.x + x, p.y + y) for p in points[1:-1]), end]


def _curves(points: Sequence[Point]) -> str:
    first, *others = (f"{point.x:.2f},{point.y:.2f}" for point in points)
    return f"M{first}C{' '.join(others)}"
