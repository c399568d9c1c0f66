"""How much of the data is documented: evidenced, owned, addressed, checkable. Pure counting.

*Evidenced*: statements about ports (`evidence` in the catalogue) that an official source confirms.
*Owned*: host groups that somebody answers for. *Addressed*: host groups of which every machine has
a name and an address, or people with their network. *Checkable*: flows that a check script can try:
TCP, with something to dial.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from generator.catalogue import Catalogue, Port
from generator.derive.flows import derive
from generator.derive.model import Derived, Flow
from generator.topology import HostGroup, Site

Measure = Literal["evidenced", "owned", "addressed", "checkable"]
MEASURES: tuple[Measure, ...] = ("evidenced", "owned", "addressed", "checkable")
Kind = Literal["total", "site", "component"]


@dataclass(frozen=True, slots=True)
class Share:
    """So many of so many; `missing` names the others, sorted. Of nothing there is no percentage."""

    covered: int
    of: int
    missing: tuple[str, ...]

    @property
    def percent(self) -> int | None:
        """Return the whole percent, never rounded up: 100 means all."""
        return self.covered * 100 // self.of if self.of else None


@dataclass(frozen=True, slots=True)
class Row:
    """What is covered of the whole, of a site, or of a component wherever it runs."""

    kind: Kind
    id: str
    shares: Mapping[Measure, Share]


@dataclass(frozen=True)
class Coverage:
    """The whole first, then sites and components by id."""

    total: Row
    sites: tuple[Row, ...]
    components: tuple[Row, ...]

    @property
    def rows(self) -> tuple[Row, ...]:
        """Everything that is measured."""
        return (self.total, *self.sites, *self.components)


def coverage(catalogue: Catalogue, derived: Iterable[Derived]) -> Coverage:
    """Measure a catalogue and the sites derived with it."""
    every = list(derived)
    everywhere = [(one.site, group) for one in every for group in one.site.groups.values()]
    flows = [(one, flow) for one in every for flow in one.flows]
    return Coverage(
        total=_row("total", "", catalogue.ports.values(), everywhere, flows),
        sites=tuple(
            _row(
                "site",
                one.site.id,
                {
                    listener.port: catalogue.ports[listener.port] for listener in one.listeners
                }.values(),
                [(one.site, group) for group in one.site.groups.values()],
                [(one, flow) for flow in one.flows],
            )
            for one in every
        ),
        components=tuple(
            _row(
                "component",
                name,
                (port for port in catalogue.ports.values() if port.listener == name),
                [(site, group) for site, group in everywhere if group.role(name)],
                [(one, flow) for one, flow in flows if flow.port.listener == name],
            )
            for name in catalogue.components
        ),
    )


def measured(catalogue: Catalogue, sites: Iterable[Site]) -> Coverage:
    """Measure a catalogue and sites that are not derived yet."""
    return coverage(catalogue, (derive(catalogue, site) for site in sites))


def _row(
    kind: Kind,
    name: str,
    ports: Iterable[Port],
    groups: list[tuple[Site, HostGroup]],
    flows: list[tuple[Derived, Flow]],
) -> Row:
    shown = (lambda site, what: what) if kind == "site" else (lambda site, what: f"{site}: {what}")
    return Row(
        kind,
        name,
        {
            "evidenced": _share(_statements(ports)),
            "owned": _share((shown(s.id, g.id), s.owner_of(g) is not None) for s, g in groups),
            "addressed": _share((shown(s.id, g.id), _addressed(g)) for s, g in groups),
            "checkable": _share((shown(d.site.id, f.id), _checkable(d, f)) for d, f in flows),
        },
    )


def _share(judged: Iterable[tuple[str, bool]]) -> Share:
    every = list(judged)
    missing = sorted(name for name, good in every if not good)
    return Share(len(every) - len(missing), len(every), tuple(missing))


def _statements(ports: Iterable[Port]) -> Iterator[tuple[str, bool]]:
    for port in ports:
        for one in port.evidence:
            yield (
                f"{port.id}: {one.about or 'as a whole'} ({one.confidence})",
                (one.confidence == "confirmed"),
            )


def _addressed(group: HostGroup) -> bool:
    return group.network is not None or (group.name is not None and bool(group.addresses))


def _checkable(derived: Derived, flow: Flow) -> bool:
    if flow.port.transport != "tcp":
        return False
    dialled = flow.addresses or derived.site.groups[flow.listener.group].name
    return flow.scope == "loopback" or bool(dialled)


@dataclass(frozen=True, slots=True)
class Fall:
    """A share that is less than it was."""

    row: Row
    measure: Measure
    before: Share
    after: Share


def falls(before: Coverage, after: Coverage) -> tuple[Fall, ...]:
    """Return every share that is less than before, of what both sides have."""
    old = {(row.kind, row.id): row for row in before.rows}
    return tuple(
        Fall(row, measure, was, now)
        for row in after.rows
        if (row.kind, row.id) in old
        for measure in MEASURES
        if (was := old[row.kind, row.id].shares[measure]).of
        and (now := row.shares[measure]).of
        and now.covered * was.of < was.covered * now.of
    )


def below(found: Coverage, percent: int) -> tuple[Measure, ...]:
    """Return the measures of which the whole is covered by less than so many percent."""
    shares = found.total.shares
    return tuple(m for m in MEASURES if shares[m].covered * 100 < percent * shares[m].of)
