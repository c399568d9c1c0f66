"""Where labels and titles stand: off the lines and off each other, near what they belong to.

Graphviz keeps room for a label beside its own arrow only: other arrows run through it, and through
the titles of frames; with `newrank` it now and then places two labels at one height.
"""

import xml.etree.ElementTree as ET
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from math import dist, hypot, inf

from generator.drawing.geometry import Box, Point, Points

ASCENT, DESCENT = 0.8, 0.25
"""How far letters go above and below their line, in parts of the font's size."""
WIDE, NARROW = 0.62, 0.3
"""How wide letters and digits are at the most, and what is in NARROWS, likewise."""
NARROWS = frozenset(" ·.,:;il()[]|/")
STEP = 6.0
"""Units from one place that a title may have to the next."""
EVERY = 2
"""Of so many points of a line one is tried."""
GAP = 1.5
"""Units between a label and the line that it stands beside."""
NEAR = 9.0
"""Units at which a label beside its line seems to belong to another one."""
END = 16.0
"""Units at both ends of a line, where its arrow head is and others arrive."""

ON_A_BOX, ON_A_LINE, NEAR_A_LINE, ON_ITS_OWN, ON_A_FRAME, AWAY = 400.0, 20.0, 2.0, 6.0, 3.0, 0.1
"""What it costs to stand there: lines by their points, the way by its units, others once."""


@dataclass(frozen=True, slots=True)
class Label:
    """The text of an arrow, and the points of its line."""

    texts: Sequence[ET.Element]
    line: Sequence[Point]


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What labels must keep off: boxes wholly, frames with their border only, all lines' points."""

    page: Box
    boxes: Sequence[Box]
    frames: Sequence[Box]
    points: Points


def box_of(texts: Sequence[ET.Element]) -> Box:
    """Return the box around texts, as wide as they are at the most."""
    boxes = [_box(text) for text in texts]
    return Box(
        min(box.left for box in boxes),
        min(box.top for box in boxes),
        max(box.right for box in boxes),
        max(box.bottom for box in boxes),
    )


def _box(text: ET.Element) -> Box:
    x, y, size = (float(text.get(name, "0")) for name in ("x", "y", "font-size"))
    shown = "".join(text.itertext())
    # The blanks around a label are room, not text.
    before = _width(shown[: len(shown) - len(shown.lstrip())]) * size
    width = _width(shown.strip()) * size
    return Box(x + before, y - ASCENT * size, x + before + width, y + DESCENT * size)


def _width(text: str) -> float:
    return sum(NARROW if letter.isspace() or letter in NARROWS else WIDE for letter in text)


def place_title(texts: Sequence[ET.Element], frame: Box, points: Points) -> Box:
    """Move a frame's title to the right until no line runs through it, or as few as can be.

    Returns where it is then.
    """
    start = box_of(texts)
    last = max(0, int((frame.right - (start.left - frame.left) - start.right) / STEP))
    places = [start.moved(step * STEP, 0) for step in range(last + 1)]
    best = min(places, key=lambda box: sum(1 for _ in points.within(box.wider(NEAR / 2))))
    _move(texts, best.left - start.left, 0)
    return best


def place_labels(labels: Sequence[Label], around: Surroundings) -> None:
    """Move labels along their lines to where least is in their way, one after the other."""
    boxes = list(around.boxes)
    starts = [box_of(label.texts) for label in labels]
    for own in sorted(range(len(labels)), key=lambda own: (starts[own].top, starts[own].left)):
        start = starts[own]
        cost = partial(_cost, own=own, boxes=boxes, around=around)
        best = _cheapest(start, _places(start, labels[own].line), cost)
        _move(labels[own].texts, best.left - start.left, best.top - start.top)
        boxes.append(best)


def _cheapest(
    start: Box, places: Iterable[tuple[Box, bool]], cost: Callable[[Box, bool], float]
) -> Box:
    """Return the best place; those are looked at first to which the way is short."""
    ways = [
        (AWAY * hypot(box.left - start.left, box.top - start.top), box, beside)
        for box, beside in places
    ]
    best, least = start, inf
    for way, box, beside in sorted(ways, key=lambda one: one[0]):
        if way >= least:
            break
        costs = way + cost(box, beside)
        if costs < least:
            best, least = box, costs
    return best


def _places(start: Box, line: Sequence[Point]) -> Iterator[tuple[Box, bool]]:
    """Give places on a line and on both sides of it, point by point; and whether it is beside."""
    width, height, middle = start.right - start.left, start.bottom - start.top, start.middle
    for before, point, after in list(zip(line, line[1:], line[2:], strict=False))[::EVERY]:
        length = hypot(after.x - before.x, after.y - before.y)
        if not length or min(dist(point, line[0]), dist(point, line[-1])) < END:
            continue
        aside = Point((before.y - after.y) / length, (after.x - before.x) / length)
        clear = abs(aside.x) * width / 2 + abs(aside.y) * height / 2 + GAP
        for side in (0, 1, -1):
            x, y = point.x + side * aside.x * clear, point.y + side * aside.y * clear
            yield start.moved(x - middle.x, y - middle.y), bool(side)


def _cost(box: Box, beside: bool, *, own: int, boxes: Sequence[Box], around: Surroundings) -> float:
    near = on = on_own = 0
    for number, point in around.points.within(box.wider(NEAR)):
        inside = box.has(point)
        if number == own:
            on_own += inside
        elif box.wider(GAP).has(point):
            on += 1
        else:
            near += 1
    return (
        ON_A_BOX * (sum(box.meets(one) for one in boxes) + (not box.within(around.page)))
        + ON_A_LINE * on
        + (NEAR_A_LINE * (near + on_own) if beside else ON_ITS_OWN)
        + ON_A_FRAME * sum(box.meets(one) and not box.within(one) for one in around.frames)
    )


def _move(texts: Sequence[ET.Element], x: float, y: float) -> None:
    for text in texts:
        for name, by in (("x", x), ("y", y)):
            text.set(name, f"{float(text.get(name, '0')) + by:.2f}".rstrip("0").rstrip("."))
