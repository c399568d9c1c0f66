"""Where things are on what Graphviz drew, in its units: boxes, and lines as rows of points."""

import re
import xml.etree.ElementTree as ET
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import ceil, dist
from typing import NamedTuple

SVG = "http://www.w3.org/2000/svg"

STEP = 4.0
"""Units from one point of a line to the next, at the most."""

CELL = 24.0
"""Units of a side of the squares by which points are found."""

_PAIR = re.compile(r"(-?[\d.]+),(-?[\d.]+)")


class Point(NamedTuple):
    """A place on a drawing; y grows downwards."""

    x: float
    y: float


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle."""

    left: float
    top: float
    right: float
    bottom: float

    def has(self, point: Point) -> bool:
        """Tell whether a point is inside."""
        return self.left < point.x < self.right and self.top < point.y < self.bottom

    def meets(self, other: "Box") -> bool:
        """Tell whether two boxes cover each other, if only in part."""
        across = self.left < other.right and other.left < self.right
        return across and self.top < other.bottom and other.top < self.bottom

    def within(self, other: "Box") -> bool:
        """Tell whether it is wholly inside another one."""
        across = other.left <= self.left and self.right <= other.right
        return across and other.top <= self.top and self.bottom <= other.bottom

    def moved(self, x: float, y: float) -> "Box":
        """Return it so much further right and down."""
        return Box(self.left + x, self.top + y, self.right + x, self.bottom + y)

    def wider(self, by: float) -> "Box":
        """Return it with so much around it."""
        return Box(self.left - by, self.top - by, self.right + by, self.bottom + by)

    @property
    def middle(self) -> Point:
        """Its middle."""
        return Point((self.left + self.right) / 2, (self.top + self.bottom) / 2)


def points_of(path: ET.Element) -> list[Point]:
    """Return the points that a path or polygon is written with."""
    numbers = path.get("d") or path.get("points") or ""
    return [Point(float(x), float(y)) for x, y in _PAIR.findall(numbers)]


def outline(path: ET.Element) -> Box:
    """Return the box around a path or polygon."""
    points = points_of(path)
    across, down = [point.x for point in points], [point.y for point in points]
    return Box(min(across), min(down), max(across), max(down))


def line(path: ET.Element) -> tuple[Point, ...]:
    """Return points along the curves that Graphviz draws: cubic ones, one after the other."""
    points = points_of(path)
    found: list[Point] = []
    for at in range(0, len(points) - 3, 3):
        found += _curve(*points[at : at + 4])
    return tuple(found)


def _curve(start: Point, one: Point, other: Point, end: Point) -> list[Point]:
    count = max(1, ceil((dist(start, one) + dist(one, other) + dist(other, end)) / STEP))
    return [_on(start, one, other, end, n / count) for n in range(count + 1)]


def _on(start: Point, one: Point, other: Point, end: Point, t: float) -> Point:
    a, b, c, d = (1 - t) ** 3, 3 * t * (1 - t) ** 2, 3 * t**2 * (1 - t), t**3
    return Point(
        a * start.x + b * one.x + c * other.x + d * end.x,
        a * start.y + b * one.y + c * other.y + d * end.y,
    )


class Points:
    """The points of lines, to be found by place; a line is named by its number."""

    def __init__(self, lines: Sequence[Sequence[Point]]) -> None:
        """Sort the points into squares."""
        self._squares: dict[tuple[int, int], list[tuple[int, Point]]] = {}
        for number, one in enumerate(lines):
            for point in one:
                square = (int(point.x // CELL), int(point.y // CELL))
                self._squares.setdefault(square, []).append((number, point))

    def within(self, box: Box) -> Iterator[tuple[int, Point]]:
        """Give the points inside a box, each with its line's number."""
        for x in range(int(box.left // CELL), int(box.right // CELL) + 1):
            for y in range(int(box.top // CELL), int(box.bottom // CELL) + 1):
                for number, point in self._squares.get((x, y), ()):
                    if box.has(point):
                        yield number, point
