"""One site: who runs where. Frozen values, the standard library only.

Everything is resolved: options have their defaults, roles their numbers, segments their zones.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from generator.catalogue import Cipher, Numbers
from generator.hosts import Pattern
from generator.problems import Place

LOAD_BALANCER = "load-balancer"
"""The component that a host group runs to stand in front of others: a word of topologies."""


@dataclass(frozen=True, slots=True)
class Segment:
    """A part of the network that firewalls separate from others; its hosts are in its zone."""

    id: str
    title: str
    networks: tuple[str, ...]
    zone: str
    owner: str | None
    place: Place


@dataclass(frozen=True, slots=True)
class Role:
    """A component as a host runs it; `id` is the component's, or its own where it runs twice.

    `numbers` and `encryption` are what site, group or instance changed, by port.
    """

    id: str
    component: str
    numbers: Mapping[str, Numbers]
    encryption: Mapping[str, Cipher]
    place: Place


@dataclass(frozen=True, slots=True)
class HostGroup:
    """One machine, a range of alike ones, a network of people, or a count of unnamed ones.

    `size` counts machines; of people it only says that there are several.
    """

    id: str
    name: Pattern | None
    addresses: tuple[Pattern, ...]
    network: str | None
    people: bool
    size: int
    segment: str
    zones: tuple[str, ...]
    roles: tuple[Role, ...]
    labels: Mapping[str, str]
    owner: str | None
    place: Place

    def role(self, component: str) -> Role | None:
        """Return the first role that runs a component."""
        return next((role for role in self.roles if role.component == component), None)

    @property
    def shown_hosts(self) -> tuple[str, ...]:
        """How outputs name its machines: by their pattern."""
        return (str(self.name),) if self.name else ()

    @property
    def shown_addresses(self) -> tuple[str, ...]:
        """How outputs name its addresses: by their patterns, or the network."""
        return (self.network,) if self.network else tuple(map(str, self.addresses))


@dataclass(frozen=True, slots=True)
class Dialled:
    """Where the other side dials a port, if not where it listens; None where nothing changes."""

    address: str | None
    numbers: Numbers | None


@dataclass(frozen=True, slots=True)
class GatewayEnd:
    """One of the two ends of a gateway: a role on a host group of a zone."""

    zone: str
    group: str
    role: str
    dialled: Mapping[str, Dialled]


@dataclass(frozen=True, slots=True)
class Gateway:
    """Joins two zones: each end opens its own connections to the other."""

    id: str
    ends: tuple[GatewayEnd, GatewayEnd]
    place: Place

    def between(self) -> frozenset[str]:
        """Return the two zones."""
        return frozenset(end.zone for end in self.ends)


@dataclass(frozen=True, slots=True)
class Balanced:
    """A port that a load balancer takes over from host groups behind it.

    `forwards_to` is the port behind it. With `redirects_to` nothing is forwarded.
    """

    balancer: str
    role: str
    port: str
    groups: tuple[str, ...]
    listens: Numbers
    forwards_to: str
    tls: Literal["ends", "passes"] | None
    redirects_to: str | None
    place: Place


EndsKind = Literal["group", "segment", "zone"]


@dataclass(frozen=True, slots=True)
class Ends:
    """Some hosts: exactly one of a group, a segment or a zone."""

    kind: EndsKind
    id: str

    def __str__(self) -> str:
        return f"{self.kind} {self.id}"


@dataclass(frozen=True, slots=True)
class MustNot:
    """A flow that may never exist, and why; no ports means none at all."""

    id: str
    initiators: Ends
    listeners: Ends
    ports: tuple[str, ...]
    why: str
    place: Place


@dataclass(frozen=True, slots=True)
class Waiver:
    """Why a finding may stand, for how long, and who answers for it."""

    rule: str
    what: str
    reason: str
    owner: str
    expires: str
    place: Place


@dataclass(frozen=True)
class Site:
    """One installation; each mapping is by id, sorted by id.

    `options` are the choices, defaults included; `chosen` are those that the site itself makes.
    `numbers` and `encryption` are what the site changes everywhere, and are in its roles already.
    `places` are those of the lines that are no entry of their own: `release`, `options.mail`.
    """

    id: str
    title: str
    description: str | None
    release: str
    illustrative: bool
    owner: str | None
    features: frozenset[str]
    options: Mapping[str, str]
    chosen: Mapping[str, str]
    numbers: Mapping[str, Numbers]
    encryption: Mapping[str, Cipher]
    segments: Mapping[str, Segment]
    groups: Mapping[str, HostGroup]
    gateways: Mapping[str, Gateway]
    balanced: tuple[Balanced, ...]
    must_not: tuple[MustNot, ...]
    waivers: tuple[Waiver, ...]
    place: Place
    places: Mapping[str, Place]

    @property
    def zones(self) -> tuple[str, ...]:
        """All zones that a segment or a host group names, sorted."""
        named = {segment.zone for segment in self.segments.values()}
        named |= {zone for group in self.groups.values() for zone in group.zones}
        return tuple(sorted(named))

    def owner_of(self, group: HostGroup) -> str | None:
        """Return who answers for a host group: its own owner, its segment's, or the site's."""
        return group.owner or self.segments[group.segment].owner or self.owner

    def hosts_of(self, component: str) -> int:
        """Return how many hosts run a component."""
        return sum(group.size for group in self.groups.values() if group.role(component))
