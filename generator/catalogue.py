"""The catalogue: what each port is. Frozen values, the standard library only.

The words are those of the field and of `guide/catalogue`: an *initiator* opens a connection to a
*listener*. Orders are by value, never by position in a file.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from generator.problems import Place

Kind = Literal["product", "external", "person"]
Transport = Literal["tcp", "udp"]
Reach = Literal["zone", "gateway", "to-gateway", "from-gateway", "site", "host"]
Cipher = Literal["tls", "ssh", "none", "unknown"]
Requirement = Literal["always", "when-used", "optional"]
Scope = Literal["network", "loopback"]
Confidence = Literal["confirmed", "community", "article-only", "unconfirmed", "inferred"]

KINDS: tuple[Kind, ...] = ("person", "product", "external")
"""In the order in which a request travels: people and tools, the product, services behind it."""


@dataclass(frozen=True, order=True, slots=True)
class Numbers:
    """One port number, or an unbroken range of them, both ends included."""

    first: int
    last: int

    def __str__(self) -> str:
        return str(self.first) if self.first == self.last else f"{self.first}-{self.last}"

    def __len__(self) -> int:
        return self.last - self.first + 1

    def __contains__(self, number: int) -> bool:
        return self.first <= number <= self.last

    def overlaps(self, other: "Numbers") -> bool:
        """Tell whether a number belongs to both."""
        return self.first <= other.last and other.first <= self.last


@dataclass(frozen=True, slots=True)
class Source:
    """Where a fact comes from: a document with a title, mostly with an address."""

    key: str
    title: str
    url: str | None
    note: str | None


@dataclass(frozen=True, slots=True)
class Evidence:
    """One fact, who says it, and how sure that makes it; `about` names a field of a port."""

    about: str | None
    sources: tuple[str, ...]
    says: str
    confidence: Confidence


@dataclass(frozen=True, slots=True)
class Component:
    """A piece of software or a service that listens or connects."""

    id: str
    title: str
    aliases: tuple[str, ...]
    kind: Kind
    family: str | None
    description: str
    place: Place


@dataclass(frozen=True, slots=True)
class Initiator:
    """Who opens the connection, between which hosts (`reach`), and why.

    `condition` and `requirement` are this initiator's own, where they differ from the port's.
    """

    component: str
    reach: Reach
    why: str
    condition: str | None
    requirement: Requirement | None
    place: Place


@dataclass(frozen=True, slots=True)
class Encryption:
    """How the traffic is protected by default; `configurable` is None where nobody says."""

    default: Cipher
    configurable: bool | None


@dataclass(frozen=True, slots=True)
class Change:
    """A setting, flag or file by which an administrator changes the port."""

    kind: str
    name: str
    note: str | None


@dataclass(frozen=True, slots=True)
class Session:
    """How a connection behaves in time, for firewalls that forget idle ones."""

    long_lived: bool | None
    idle_timeout: str | None


@dataclass(frozen=True, slots=True)
class Port:
    """One catalogue entry: who listens on which numbers, and who connects."""

    id: str
    title: str
    numbers: Numbers
    transport: Transport
    service: str
    listener: str
    initiators: tuple[Initiator, ...]
    purpose: str
    encryption: Encryption
    requirement: Requirement
    condition: str | None
    feature: str | None
    scope: Scope
    since: str | None
    until: str | None
    alternative_to: str | None
    change: tuple[Change, ...]
    session: Session | None
    notes: tuple[str, ...]
    evidence: tuple[Evidence, ...]
    place: Place

    @property
    def sort_key(self) -> tuple[Numbers, str, str]:
        """Order by number, then transport, then id."""
        return (self.numbers, self.transport, self.id)


@dataclass(frozen=True, slots=True)
class Feature:
    """A part of the product that a site uses or not."""

    id: str
    title: str
    description: str
    place: Place


@dataclass(frozen=True, slots=True)
class Condition:
    """Holds at a site where at least so many hosts run the component."""

    id: str
    title: str
    description: str
    component: str
    at_least: int
    place: Place


@dataclass(frozen=True, slots=True)
class Choice:
    """One of an option's choices: ports that exist only where it is chosen."""

    id: str
    title: str
    ports: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Option:
    """A choice that each site makes once (`exactly-one`) or may leave open (`at-most-one`)."""

    id: str
    title: str
    choose: Literal["exactly-one", "at-most-one"]
    default: str | None
    choices: tuple[Choice, ...]
    place: Place


@dataclass(frozen=True, slots=True)
class Check:
    """How a constraint is checked: a kind of rule that the code knows, and what it is about."""

    kind: str
    components: tuple[str, ...] = ()
    others: tuple[str, ...] = ()
    condition: str | None = None
    zone: str | None = None
    count: int | None = None


@dataclass(frozen=True, slots=True)
class Constraint:
    """A rule of the product that a topology can break; without a check it is advice."""

    id: str
    title: str
    why: str
    check: Check | None
    evidence: tuple[Evidence, ...]
    place: Place


@dataclass(frozen=True, slots=True)
class Product:
    """What the catalogue is about; servers live in the zone `home_zone`."""

    title: str
    aliases: tuple[str, ...]
    description: str
    home_zone: str
    not_covered: tuple[str, ...]


@dataclass(frozen=True)
class Catalogue:
    """Everything known about the ports of one product; each mapping is by id, sorted by id.

    `lines` are those of the fields of an entry, by section and id, and by dotted name below it:
    `encryption.default`, `initiators.agent/zone`.
    """

    product: Product
    sources: Mapping[str, Source]
    components: Mapping[str, Component]
    ports: Mapping[str, Port]
    features: Mapping[str, Feature]
    conditions: Mapping[str, Condition]
    options: Mapping[str, Option]
    constraints: Mapping[str, Constraint]
    lines: Mapping[tuple[str, str], Mapping[str, Place]] = field(
        default_factory=dict, compare=False
    )
