"""A drawing as a value: what must be on it, before anything is laid out."""

from dataclasses import dataclass
from typing import Literal

from generator.catalogue import Cipher, Kind

Line = Literal["solid", "dashed", "dotted"]
"""Solid: always. Dashed: when used, or optional. Dotted: only under a condition."""

Change = Literal["", "added", "removed", "changed", "same"]
"""What became of a thing, on a drawing of a difference; empty on every other drawing."""


@dataclass(frozen=True, order=True, slots=True)
class Node:
    """A box: a bold title and a small second line. `url` is relative to the diagrams' folder.

    An empty `url` is no link.
    """

    id: str
    title: str
    detail: str
    look: Kind
    group: str
    url: str
    tooltip: str
    change: Change = ""


@dataclass(frozen=True, order=True, slots=True)
class Edge:
    """An arrow from initiator to listener, for all ports alike in encryption and line."""

    tail: str
    head: str
    cipher: Cipher
    line: Line
    label: str
    tooltip: str
    url: str
    id: str
    heavy: bool = False
    """Whether it joins two zones; on a drawing of a difference, whether it differs."""
    change: Change = ""


@dataclass(frozen=True, slots=True)
class Group:
    """A frame around nodes, drawn in the order given; without a title it has no frame."""

    id: str
    title: str
    look: Kind | Literal["plain", "zone", "segment"]
    inside: str | None = None
    """The group around it, if it is not the drawing itself."""


@dataclass(frozen=True, slots=True)
class Drawing:
    """Everything on one diagram; `id` is also its file name and the prefix of its ids."""

    id: str
    title: str
    groups: tuple[Group, ...]
    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]
    columns: frozenset[str] = frozenset()
    """Groups whose nodes stand in one column each, apart from the groups before them."""


SIGNS: dict[Cipher, str] = {"tls": "", "ssh": "ssh", "none": "clear text", "unknown": "?"}
"""The second sign of an edge's encryption, beside its colour: colour alone is no sign."""
