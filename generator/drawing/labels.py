"""Labels that Graphviz put on top of each other, moved apart.

With `newrank` it now and then places the labels of neighbouring arrows at one height.
"""

import xml.etree.ElementTree as ET

HEIGHT = 10.5
"""Units from one line of a label to the next, at its font size of 9."""

LETTER = 5.2
"""Units that a letter of a label takes at the most, on average."""


def spread(labels: list[ET.Element]) -> None:
    """Move labels down until none covers another; upper ones stay where they are."""
    placed: list[tuple[float, float, float]] = []
    for label in sorted(
        labels, key=lambda one: (float(one.get("y", "0")), float(one.get("x", "0")))
    ):
        left, y = float(label.get("x", "0")), float(label.get("y", "0"))
        right = left + LETTER * len("".join(label.itertext()))
        for other_left, other_right, other_y in sorted(placed, key=lambda one: one[2]):
            if left < other_right and other_left < right and abs(y - other_y) < HEIGHT:
                y = other_y + HEIGHT
        placed.append((left, right, y))
        label.set("y", f"{y:g}")
