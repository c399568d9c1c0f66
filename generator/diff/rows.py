"""A site's difference as rows for a table: flows that differ alike are one row."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from generator.catalogue import Cipher, Numbers, Requirement
from generator.derive.model import Derived
from generator.diff.addresses import STAYS, Shift, readdressed
from generator.diff.cause import lines
from generator.diff.flows import flow_changes, old_cipher, on_network, other_fields
from generator.diff.model import FlowChange, Kind, SiteDiff
from generator.diff.passed_on import by_groups_alone, ends
from generator.diff.review import Change
from generator.policy import SEVERITIES, Severity
from generator.problems import Place
from generator.rules.model import ACTS, Acts


@dataclass(frozen=True, order=True, slots=True)
class Party:
    """A host group at one end, as a firewall names it; `shift` is what came to it and went."""

    group: str
    addresses: tuple[str, ...]
    shift: Shift = STAYS


@dataclass(frozen=True, slots=True)
class Row:
    """Flows from some initiators to one listener that differ alike.

    `pair` are the segments of initiator and listener; `was` those before, if others. A number,
    transport, encryption or requirement before is None where it is the same, or was not there.
    `acts` are all who must act, the busiest first; `severity` is the worst of the changes that
    speak for the flows, `rules` are theirs. `places` are lines of the data that made the
    difference. `readdressed` crossings stay, and a firewall must let them through for other
    addresses. `passed` flows are the same from machine to machine: their groups are others.
    """

    kind: Kind
    pair: tuple[str, str]
    was: tuple[str, str] | None
    opens: bool
    closes: bool
    in_part: bool
    readdressed: bool
    passed: bool
    initiators: tuple[Party, ...]
    listener: Party
    numbers: Numbers
    old_numbers: Numbers | None
    transport: str
    old_transport: str | None
    service: str
    title: str
    encryption: Cipher
    old_encryption: Cipher | None
    requirement: Requirement
    old_requirement: Requirement | None
    others: tuple[str, ...]
    severity: Severity | None
    acts: tuple[Acts, ...]
    rules: tuple[str, ...]
    places: tuple[Place, ...]
    flows: int

    @property
    def came(self) -> tuple[str, ...]:
        """What a firewall must let through anew: initiators, and what they dial."""
        return _every(party.shift.came for party in (*self.initiators, self.listener))

    @property
    def went(self) -> tuple[str, ...]:
        """What a firewall need not let through any more."""
        return _every(party.shift.went for party in (*self.initiators, self.listener))

    @property
    def asked(self) -> bool:
        """Tell whether a firewall is asked for some addresses, and not for all of them."""
        some = self.readdressed or (self.kind != "changed" and (self.opens or self.closes))
        return some and bool(self.came or self.went)

    @property
    def crosses(self) -> bool:
        """Tell whether it goes from one segment to another."""
        return self.pair[0] != self.pair[1]


def _every(some: Iterable[tuple[str, ...]]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(one for texts in some for one in texts))


def rows(site: SiteDiff, changes: Iterable[Change]) -> tuple[Row, ...]:
    """Return the rows of a site, crossings first; `changes` are the judged ones of the site."""
    spoken: dict[str, list[Change]] = {}
    for change in changes:
        for flow in change.flows:
            spoken.setdefault(flow, []).append(change)
    merged: dict[Row, list[Row]] = {}
    every = flow_changes(site)
    for one in every:
        if on_network(one):
            row = _row(site, one, spoken.get(one.id, []))
            merged.setdefault(replace(row, initiators=(), places=()), []).append(row)
    return tuple(sorted((_merge(some) for some in merged.values()), key=_order))


def _order(row: Row) -> tuple[bool, tuple[str, str], int, Numbers, str, Party, tuple[Party, ...]]:
    worst = SEVERITIES.index(row.severity) if row.severity else len(SEVERITIES)
    return (not row.crosses, row.pair, worst, row.numbers, row.kind, row.listener, row.initiators)


def _merge(some: list[Row]) -> Row:
    return replace(
        some[0],
        initiators=tuple(sorted({party for row in some for party in row.initiators})),
        places=tuple(dict.fromkeys(place for row in some for place in row.places)),
        flows=len(some),
    )


def _row(site: SiteDiff, change: FlowChange, spoken: list[Change]) -> Row:
    flow = change.flow
    side = site.derived_after if change.after else site.derived_before
    assert side is not None  # noqa: S101 - the flow is of that side
    before, after = change.before, change.after
    moved = change.segments_before if after and change.segments_before else None
    places = [place for old, new in lines(change) if (place := new or old) is not None]
    told = tuple(sorted({one.rule for one in spoken}))
    at, passed = ends(change), by_groups_alone(change)
    other = readdressed(change) and any(at)
    places = places or [p for one in spoken for p in (one.after or one.before)]
    return Row(
        kind=change.kind,
        pair=change.segments,
        was=moved if moved != change.segments else None,
        opens=change.opens,
        closes=change.closes,
        in_part=change.in_part,
        readdressed=other,
        passed=passed,
        initiators=(_initiator(side, change, at[0]),),
        listener=Party(flow.listener.group, flow.addresses, at[1]),
        numbers=flow.numbers,
        old_numbers=before.numbers if before and change.field("numbers") else None,
        transport=flow.port.transport,
        old_transport=before.port.transport if before and change.field("transport") else None,
        service=flow.port.service,
        title=flow.port.title,
        encryption=flow.encryption,
        old_encryption=old_cipher(change),
        requirement=flow.requirement,
        old_requirement=before.requirement if before and change.field("requirement") else None,
        others=("the same hosts",)
        if passed
        else tuple(one for one in other_fields(change) if one != "requirement"),
        severity=min((one.severity for one in spoken), key=SEVERITIES.index, default=None),
        acts=_acting(change, spoken, asked=other),
        rules=told,
        places=tuple(places[:1]),
        flows=1,
    )


def _acting(change: FlowChange, spoken: list[Change], *, asked: bool) -> tuple[Acts, ...]:
    """Return who must act, the busiest first: what a firewall is asked for is for its team."""
    found = {one.acts for one in spoken}
    if change.opens or change.closes or asked:
        found |= {"network team"}
    return tuple(who for who in ACTS if who in found and (who != "nobody" or len(found) == 1))


def _initiator(derived: Derived, change: FlowChange, shift: Shift) -> Party:
    group = derived.site.groups[change.flow.initiator.group]
    return Party(group.id, group.shown_addresses, shift)
