"""A site's difference as rows for a table: flows that differ alike are one row."""

from collections.abc import Iterable
from dataclasses import dataclass

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

    `pair` are the segments of initiator and listener; `was` those before, if others. A number or
    encryption before is None where it is the same, or was not there. `acts` and `severity` are the
    busiest and the worst of the changes that speak for the flows; `rules` are theirs. `places` are
    lines of the data that made the difference.
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
    merged: dict[tuple[object, ...], list[tuple[FlowChange, Row]]] = {}
    for one in flow_changes(site):
        if on_network(one):
            row = _row(site, one, spoken.get(one.id, []))
            alike = (row.kind, row.pair, row.was, row.listener, row.numbers, row.old_numbers)
            alike += (row.transport, row.title, row.encryption, row.old_encryption, row.others)
            merged.setdefault((*alike, row.severity, row.acts, row.rules), []).append((one, row))
    return tuple(sorted((_merge([r for _, r in some]) for some in merged.values()), key=_order))


def _order(row: Row) -> tuple[object, ...]:
    worst = SEVERITIES.index(row.severity) if row.severity else len(SEVERITIES)
    return (not row.crosses, row.pair, worst, row.numbers, row.kind, row.listener, row.initiators)


def _merge(some: list[Row]) -> Row:
    first = some[0]
    return Row(
        kind=first.kind,
        pair=first.pair,
        was=first.was,
        opens=first.opens,
        closes=first.closes,
        initiators=tuple(sorted({party for row in some for party in row.initiators})),
        listener=first.listener,
        numbers=first.numbers,
        old_numbers=first.old_numbers,
        transport=first.transport,
        service=first.service,
        title=first.title,
        encryption=first.encryption,
        old_encryption=first.old_encryption,
        others=first.others,
        severity=first.severity,
        acts=first.acts,
        rules=first.rules,
        places=tuple(dict.fromkeys(place for row in some for place in row.places)),
        flows=len(some),
    )


def _row(site: SiteDiff, change: FlowChange, spoken: list[Change]) -> Row:
    flow = change.flow
    side = site.derived_after if change.after else site.derived_before
    assert side is not None  # noqa: S101 - the flow is of that side
    before, after = change.before, change.after
    was = change.segments_before if after and change.segments_before != change.segments else None
    places = [p for entry in change.causes if (p := entry.after or entry.before) is not None]
    places = places or [p for one in spoken for p in (one.after or one.before)]
    return Row(
        kind=change.kind,
        pair=change.segments,
        was=was,
        opens=change.opens,
        closes=change.closes,
        initiators=(_initiator(side, flow),),
        listener=Party(flow.listener.group, flow.addresses),
        numbers=flow.numbers,
        old_numbers=before.numbers if before and after and before.numbers != after.numbers else None,
        transport=flow.port.transport,
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
