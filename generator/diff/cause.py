"""Why a flow differs: the entries of the data that made the difference, the nearest first."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

from generator.catalogue import Catalogue
from generator.derive.model import Derived, Flow
from generator.diff.entries import NO_RENAMES
from generator.diff.model import EntryChange, Field, FlowChange
from generator.diff.site_entries import balanced_key
from generator.problems import Place
from generator.topology import Balanced, Site
from generator.views import choice_of

FEEDS: Mapping[str, frozenset[str]] = {
    "hosts": frozenset({"hosts"}),
    "addresses": frozenset({"addresses"}),
    "count": frozenset({"size"}),
    "segment": frozenset({"segment"}),
    "crosses": frozenset({"segment"}),
    "zone": frozenset({"zones", "zone"}),
    "zones": frozenset({"zones", "zone"}),
    "groups": frozenset({"roles"}),
    "numbers": frozenset({"numbers", "value"}),
    "url": frozenset({"numbers"}),
    "transport": frozenset({"transport"}),
    "service": frozenset({"service"}),
    "encryption": frozenset({"encryption", "value"}),
    "requirement": frozenset({"requirement", "initiators", "roles"}),
    "why": frozenset({"initiators", "roles"}),
    "scope": frozenset({"scope"}),
}
"""Which fields of an entry decide over a field of a flow, each by its last or first word."""

EXISTENCE = frozenset({
    "listener", "initiators", "since", "until", "condition", "feature", "scope", "segment", "zones",
    "zone", "roles", "size", "value", "choice", "choices", "default", "component", "at_least",
})  # fmt: skip
"""Which fields of an entry decide whether a flow exists."""

LINKS = ("gateways", "load_balancers")
"""Sections of which any field may put another thing in a listener's place."""


@dataclass(frozen=True, slots=True)
class _Side:
    """A flow, and what it was derived of; where it is not, what it could have been derived of."""

    catalogue: Catalogue
    site: Site
    flow: Flow

    @property
    def groups(self) -> frozenset[str]:
        """The groups at its ends, and behind a load balancer."""
        flow = self.flow
        behind = flow.listens.ends if flow.listens else ()
        return frozenset(end.group for end in (flow.initiator, flow.listener, *behind))

    @property
    def balanced(self) -> Iterator[Balanced]:
        """What load balancers have to do with it."""
        port = self.flow.port.id
        for one in self.site.balanced:
            dialled = port == one.port and bool({one.balancer, *one.groups} & self.groups)
            if dialled or (self.flow.initiator.group, port) == (one.balancer, one.forwards_to):
                yield one


Names = frozenset[str]


def _ports(side: _Side, names: Names) -> bool:
    behind = {one.forwards_to for one in side.balanced}
    return bool(names & {side.flow.port.id, *behind})


def _options(side: _Side, names: Names) -> bool:
    option = choice_of(side.catalogue, side.flow.port.id)
    return option is not None and option[0].id in names


def _features(side: _Side, names: Names) -> bool:
    return side.flow.port.feature in names


def _release(side: _Side, names: Names) -> bool:
    return "release" in names and bool(side.flow.port.since or side.flow.port.until)


def _hosts(side: _Side, names: Names) -> bool:
    return bool(names & side.groups)


def _segments(side: _Side, names: Names) -> bool:
    groups = (side.site.groups.get(group) for group in side.groups)
    return bool(names & {group.segment for group in groups if group})


def _gateways(side: _Side, names: Names) -> bool:
    gateways = side.site.gateways
    ends = {end.group for key in names & gateways.keys() for end in gateways[key].ends}
    through = any("gateway" in initiator.reach for initiator in side.flow.port.initiators)
    return through and bool(ends & side.groups)


def _balancers(side: _Side, names: Names) -> bool:
    return any(balanced_key(one, NO_RENAMES) in names for one in side.balanced)


def _conditions(side: _Side, names: Names) -> bool:
    return bool(names & set(_named_conditions(side.flow)))


def _named_conditions(flow: Flow) -> Iterator[str]:
    for condition in (flow.port.condition, *(i.condition for i in flow.port.initiators)):
        if condition is not None:
            yield condition


def _product(side: _Side, names: Names) -> bool:
    return any("-gateway" in initiator.reach for initiator in side.flow.port.initiators)


CONCERNS: Mapping[str, Callable[[_Side, Names], bool]] = {
    "ports": _ports,
    "options": _options,
    "features": _features,
    "site": _release,
    "load_balancers": _balancers,
    "gateways": _gateways,
    "hosts": _hosts,
    "encryption": _ports,
    "numbers": _ports,
    "segments": _segments,
    "conditions": _conditions,
    "product": _product,
}
"""By section, the most direct first: does an entry of these names have a part in a flow?"""


def causes(
    catalogues: tuple[Catalogue, Catalogue],
    before: Derived,
    after: Derived,
    change: FlowChange,
    entries: tuple[EntryChange, ...],
) -> tuple[EntryChange, ...]:
    """Return which changed entries, of site and catalogue, a flow's change comes from.

    Conditions count hosts: where nothing nearer is at stake, those of a condition's component are.
    """
    old, new = change.before or change.flow, change.after or change.flow
    sides = (_Side(catalogues[0], before.site, old), _Side(catalogues[1], after.site, new))
    found = [entry for entry in entries if _made(entry, change, sides)]
    if not found and change.kind != "changed":
        counted = {
            side.catalogue.conditions[name].component
            for side in sides
            for name in _named_conditions(side.flow)
            if name in side.catalogue.conditions
        }
        sites = (before.site, after.site)
        found = [e for e in entries if e.section == "hosts" and _runs(e, sites, counted)]
    order = list(CONCERNS)
    return tuple(sorted(found, key=lambda one: (order.index(one.section), one.id)))


def _made(entry: EntryChange, change: FlowChange, sides: tuple[_Side, _Side]) -> bool:
    """Tell whether an entry has a part in a flow, and a field of it a part in what differs."""
    concerns = CONCERNS.get(entry.section)
    names = frozenset((entry.id, entry.was or entry.id))
    if concerns is None or not any(concerns(side, names) for side in sides):
        return False
    if entry.section in LINKS or (entry.kind != "changed" and change.kind != "changed"):
        return entry.kind != "renamed"
    feeding = _feeding(change)
    return any(field.name.partition(".")[0] in feeding for field in entry.fields)


def _feeding(change: FlowChange) -> frozenset[str]:
    """Return which fields of an entry may have made a flow's change."""
    if change.kind != "changed":
        return EXISTENCE
    words = (field.name.rpartition(".")[2] for field in change.fields)
    return frozenset[str]().union(*(FEEDS.get(word, frozenset()) for word in words))


def lines(change: FlowChange) -> tuple[tuple[Place | None, Place | None], ...]:
    """Return where each cause of a flow's change is before and after: at its field, if known."""
    feeding = _feeding(change)
    return tuple(entry.lines(*feeding) for entry in change.causes)


def _runs(entry: EntryChange, sites: tuple[Site, Site], components: set[str]) -> bool:
    """Tell whether a host group runs one of some components, before or after."""
    names = (entry.was or entry.id, entry.id)
    groups = (site.groups.get(name) for site, name in zip(sites, names, strict=True))
    return any(group and any(map(group.role, components)) for group in groups)


def lines_of_ports(catalogue: Catalogue, site: Site) -> Mapping[str, tuple[EntryChange, ...]]:
    """Return the lines of a new site that are about a port: its choices, numbers and encryption."""
    found: dict[str, tuple[EntryChange, ...]] = {}

    def add(section: str, key: str, field: Field, ports: Iterable[str]) -> None:
        place = site.places.get(f"{section}.{key}", site.place)
        entry = EntryChange(section, key, "added", None, (field,), None, place)
        for port in ports:
            found[port] = (*found.get(port, ()), entry)

    for option, chosen in site.chosen.items():
        for choice in catalogue.options[option].choices:
            if choice.id == chosen:
                add("options", option, Field("choice", None, chosen), choice.ports)
    for port, cipher in site.encryption.items():
        add("encryption", port, Field("value", None, cipher), (port,))
    for port, numbers in site.numbers.items():
        add("numbers", port, Field("value", None, str(numbers)), (port,))
    return found
