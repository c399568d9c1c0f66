"""A site's difference as rows for a table: flows that differ alike are one row."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from generator.catalogue import Cipher, Numbers
from generator.derive.model import Derived, Flow
from generator.diff.flows import flow_changes, old_cipher, on_network, other_fields
from generator.diff.model import ACTS, Acts, Change, FlowChange, Kind, SiteDiff
from generator.policy import SEVERITIES, Severity
from generator.problems import Place


@dataclass(frozen=True, order=True, slots=True)
class Party:
    """A host group at one end, as a firewall names it."""

    group: str
    addresses: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Row:
    """Flows from some initiators to one listener that differ alike.

    `pair` are the segments of initiator and listener; `was` those before, if others. A number,
    transport or encryption before is None where it is the same, or was not there. `acts` and
    `severity` are the busiest and the worst of the changes that speak for the flows; `rules` are
    theirs. `places` are lines of the data that made the difference.
    """

    kind: Kind
    pair: tuple[str, str]
    was: tuple[str, str] | None
    opens: bool
    closes: bool
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
    others: tuple[str, ...]
    severity: Severity | None
    acts: Acts | None
    rules: tuple[str, ...]
    places: tuple[Place, ...]
    flows: int

    @property
    def crosses(self) -> bool:
        """Tell whether it goes from one segment to another."""
        return self.pair[0] != self.pair[1]


def rows(site: SiteDiff, changes: Iterable[Change]) -> tuple[Row, ...]:
    """Return the rows of a site, crossings first; `changes` are the judged ones of the site."""
    spoken: dict[str, list[Change]] = {}
    for change in changes:
        for flow in change.flows:
            spoken.setdefault(flow, []).append(change)
    merged: dict[Row, list[Row]] = {}
    for one in flow_changes(site):
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
    places = [p for entry in change.causes if (p := entry.after or entry.before) is not None]
    places = places or [p for one in spoken for p in (one.after or one.before)]
    return Row(
        kind=change.kind,
        pair=change.segments,
        was=moved if moved != change.segments else None,
        opens=change.opens,
        closes=change.closes,
        initiators=(_initiator(side, flow),),
        listener=Party(flow.listener.group, flow.addresses),
        numbers=flow.numbers,
        old_numbers=before.numbers if before and change.field("numbers") else None,
        transport=flow.port.transport,
        old_transport=before.port.transport if before and change.field("transport") else None,
        service=flow.port.service,
        title=flow.port.title,
        encryption=flow.encryption,
        old_encryption=old_cipher(change),
        others=other_fields(change),
        severity=min((one.severity for one in spoken), key=SEVERITIES.index, default=None),
        acts=min((one.acts for one in spoken), key=ACTS.index, default=None),
        rules=tuple(sorted({one.rule for one in spoken})),
        places=tuple(places[:1]),
        flows=1,
    )


def _initiator(derived: Derived, flow: Flow) -> Party:
    group = derived.site.groups[flow.initiator.group]
    return Party(group.id, group.shown_addresses)
