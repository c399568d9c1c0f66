"""A difference between two data folders, without opinion. Frozen values.

*Before* is the base, *after* the head.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from generator.derive.model import Derived, Flow
from generator.problems import Place

Value = str | int | bool | tuple[str, ...] | None
"""What a field has on one side; None where it is absent."""

Kind = Literal["added", "removed", "changed"]
EntryKind = Literal["added", "removed", "changed", "renamed"]
SiteKind = Literal["added", "removed", "changed", "renamed"]

SIGN: Mapping[str, str] = {"added": "+", "removed": "-", "changed": "~", "renamed": "="}
"""One character for each kind, so that colour is never the only sign."""


@dataclass(frozen=True, order=True, slots=True)
class Field:
    """One field that differs; `name` is dotted: `numbers`, `to.addresses`, `encryption`.

    `was_at` and `at` are its lines before and after, where these are known.
    """

    name: str
    before: Value
    after: Value
    was_at: Place | None = field(default=None, compare=False)
    at: Place | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Renames:
    """Ids that changed while all else stayed the same, each from before to after.

    `roles` are instances of a host group: (group before, role before) to the role after.
    """

    segments: Mapping[str, str] = field(default_factory=dict)
    zones: Mapping[str, str] = field(default_factory=dict)
    groups: Mapping[str, str] = field(default_factory=dict)
    gateways: Mapping[str, str] = field(default_factory=dict)
    must_not: Mapping[str, str] = field(default_factory=dict)
    ports: Mapping[str, str] = field(default_factory=dict)
    components: Mapping[str, str] = field(default_factory=dict)
    roles: Mapping[tuple[str, str], str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class EntryChange:
    """An entry of the data that differs: a host group, an option's choice, a port.

    `section` is where it stands in the data file (`hosts`, `options`, `ports`, …); `id` is its key
    after, or before if it is gone; `was` its key before, if another. `fields` are those that differ
    of an entry that stayed, and all of one that came or went. A place is None on the side that does
    not have the entry.
    """

    section: str
    id: str
    kind: EntryKind
    was: str | None
    fields: tuple[Field, ...]
    before: Place | None
    after: Place | None

    def lines(self, *feeding: str) -> tuple[Place | None, Place | None]:
        """Return where it differs before and after; only fields whose first word is among some.

        Where no line of a field is known, it is the entry's own.
        """
        fields = [one for one in self.fields if one.name.partition(".")[0] in feeding]
        return (
            next((one.was_at for one in fields if one.was_at), self.before),
            next((one.at for one in fields if one.at), self.after),
        )

    @property
    def what(self) -> str:
        """Name it for a waiver: `hosts.emea`."""
        return f"{self.section}.{self.id}"

    def field(self, name: str) -> Field | None:
        """Return a field if it differs."""
        return next((one for one in self.fields if one.name == name), None)


@dataclass(frozen=True, slots=True)
class Left:
    """What of a flow is on one side alone, whichever groups are at its ends.

    `nothing` where firewalls let all of it through on the other side, too. Else `initiators` and
    `listeners` are those that are left, as patterns and networks; empty where these are all. It is
    left `in_part` where not each of the ones dials each of the others: flows of other groups have
    the rest.
    """

    nothing: bool = False
    initiators: tuple[str, ...] = ()
    listeners: tuple[str, ...] = ()
    in_part: bool = False


ALL = Left()


@dataclass(frozen=True, slots=True)
class FlowChange:
    """A flow that differs, renames put aside.

    `fields` are those that differ of a flow that stayed, nothing of one that came or went: `before`
    or `after` says it all. `segments_before` and `segments_after` are the initiator's and the
    listener's segment, None on the side where the flow is not. `causes` are the entries of the data
    that made the difference, the nearest first. `came` and `went` are
    what of it firewalls see come and go. A flow that came or went is `carried` where the other side
    has it as it is, from machine to machine: only its groups are others.
    """

    kind: Kind
    before: Flow | None
    after: Flow | None
    fields: tuple[Field, ...]
    segments_before: tuple[str, str] | None
    segments_after: tuple[str, str] | None
    causes: tuple[EntryChange, ...] = ()
    came: Left = ALL
    went: Left = ALL
    carried: bool = False

    @property
    def flow(self) -> Flow:
        """The flow as it is after, or was before if it is gone."""
        flow = self.after or self.before
        assert flow is not None  # noqa: S101 - one of the two is always there
        return flow

    @property
    def id(self) -> str:
        """The flow's id after, or before if it is gone."""
        return self.flow.id

    @property
    def segments(self) -> tuple[str, str]:
        """Segments of initiator and listener after, or before if the flow is gone."""
        pair = self.segments_after or self.segments_before
        assert pair is not None  # noqa: S101 - as for the flow
        return pair

    @property
    def in_part(self) -> bool:
        """Whether a flow that came or went opens or closes not all between its hosts."""
        left = {"added": self.came, "removed": self.went}.get(self.kind, ALL)
        return left.in_part

    @property
    def opens(self) -> bool:
        """Tell whether a firewall between segments must let through what it did not before.

        Segments, numbers and transport decide; other addresses are a change of what is let through.
        """
        crossing = _crosses(self.after, self.segments_after)
        return crossing and self._otherwise and not self.came.nothing

    @property
    def closes(self) -> bool:
        """Tell whether a firewall between segments lets through what nobody needs any more."""
        crossing = _crosses(self.before, self.segments_before)
        return crossing and self._otherwise and not self.went.nothing

    @property
    def _otherwise(self) -> bool:
        return (
            self.segments_before != self.segments_after
            or self.field("numbers") is not None
            or self.field("transport") is not None
        )

    def field(self, name: str) -> Field | None:
        """Return a field if it differs."""
        return next((one for one in self.fields if one.name == name), None)


def _crosses(flow: Flow | None, segments: tuple[str, str] | None) -> bool:
    return (
        flow is not None
        and segments is not None
        and flow.scope == "network"
        and segments[0] != segments[1]
    )


@dataclass(frozen=True)
class SiteDiff:
    """One site that differs; `derived_before` or `derived_after` is None where it is not there.

    `flows` and `entries` are sorted by value. Of a site that came or went they are empty: the whole
    of it is the difference. `was` is its id before, if another. `lines` are those of a new site
    that are about a port, by port.
    """

    id: str
    kind: SiteKind
    was: str | None
    derived_before: Derived | None
    derived_after: Derived | None
    renames: Renames
    entries: tuple[EntryChange, ...]
    flows: tuple[FlowChange, ...]
    lines: Mapping[str, tuple[EntryChange, ...]] = field(default_factory=dict)

    @property
    def top(self) -> tuple[Place, ...]:
        """Where the site begins after, if it is there."""
        return (self.derived_after.site.place,) if self.derived_after else ()


@dataclass(frozen=True)
class Diff:
    """Everything that differs: the entries of catalogue and policy, and the sites, by id.

    `same` counts the sites in which nothing does; `top` is where the catalogue begins after.
    """

    before: str
    after: str
    top: Place
    catalogue: tuple[EntryChange, ...]
    sites: tuple[SiteDiff, ...]
    same: int

    @property
    def changes_flows(self) -> bool:
        """Tell whether any flow of any site differs."""
        return any(site.flows or site.kind in ("added", "removed") for site in self.sites)
