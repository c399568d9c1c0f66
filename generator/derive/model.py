"""Listeners and flows: what a catalogue and a site together say. Standard library only."""

from dataclasses import dataclass

from generator.catalogue import Cipher, Numbers, Port, Requirement, Scope
from generator.problems import Place
from generator.topology import Site

STRENGTH: tuple[Requirement, ...] = ("always", "when-used", "optional")


@dataclass(frozen=True, order=True, slots=True)
class End:
    """A role on a host group: one end of a flow."""

    group: str
    role: str

    def __str__(self) -> str:
        return f"{self.group}.{self.role}"


@dataclass(frozen=True, slots=True)
class Listens:
    """The real listener behind what is dialled."""

    ends: tuple[End, ...]
    addresses: tuple[str, ...]
    numbers: Numbers


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a flow exists: the initiator of the catalogue, and what of the site took part."""

    why: str
    rule: str
    places: tuple[Place, ...]


@dataclass(frozen=True, slots=True)
class Listener:
    """Who listens on what, whether or not anybody connects."""

    end: End
    port: str
    numbers: Numbers
    transport: str
    scope: Scope


@dataclass(frozen=True, slots=True)
class Flow:
    """Initiator → listener on a transport and port, in one direction, always.

    `numbers` and `addresses` are what is dialled; `listens` the real listener, where another thing
    stands between. `id` has no number, address or segment in it.
    """

    port: Port
    initiator: End
    listener: End
    numbers: Numbers
    addresses: tuple[str, ...]
    listens: Listens | None
    encryption: Cipher
    requirement: Requirement
    scope: Scope
    reasons: tuple[Reason, ...]

    @property
    def id(self) -> str:
        """Unique in a site, and the same when anything else of it changes."""
        return f"{self.port.id}:{self.initiator}>{self.listener}"

    @property
    def sort_key(self) -> tuple[Numbers, str, End, End]:
        """Order by number, then port, then ends."""
        return (self.port.numbers, self.port.id, self.initiator, self.listener)


@dataclass(frozen=True)
class Derived:
    """What follows from a catalogue and a site."""

    site: Site
    listeners: tuple[Listener, ...]
    flows: tuple[Flow, ...]
