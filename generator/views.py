"""What follows from a catalogue alone: who serves what, who starts what, what shares a number.

Pure functions over the catalogue, sorted by value; pages, diagrams and documents for programs
read these and nothing else.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from generator.catalogue import (
    KINDS,
    Catalogue,
    Choice,
    Component,
    Initiator,
    Numbers,
    Option,
    Port,
    Requirement,
)


@dataclass(frozen=True, slots=True)
class Connection:
    """One initiator of one port: initiator → listener, in one direction, always."""

    port: Port
    initiator: Initiator

    @property
    def requirement(self) -> Requirement:
        """The initiator's own requirement, or else the port's."""
        return self.initiator.requirement or self.port.requirement

    @property
    def conditional(self) -> bool:
        """Whether it exists only under a condition, with a feature, or where there is a gateway."""
        gateway = self.initiator.reach in ("gateway", "to-gateway", "from-gateway")
        named = self.port.condition or self.port.feature or self.initiator.condition
        return gateway or bool(named)

    @property
    def sort_key(self) -> tuple[tuple[Numbers, str, str], str, str]:
        """Order by port, then by initiator and reach."""
        return (self.port.sort_key, self.initiator.component, self.initiator.reach)


def ports(catalogue: Catalogue) -> tuple[Port, ...]:
    """Return all ports by number."""
    return tuple(sorted(catalogue.ports.values(), key=lambda port: port.sort_key))


def components(catalogue: Catalogue) -> tuple[Component, ...]:
    """Return all components: people and tools, the product, services; each by title."""
    return tuple(
        sorted(
            catalogue.components.values(),
            key=lambda component: (KINDS.index(component.kind), component.title.casefold()),
        )
    )


def connections(catalogue: Catalogue) -> tuple[Connection, ...]:
    """Return every connection of the catalogue, by port."""
    every = (
        Connection(port, initiator)
        for port in catalogue.ports.values()
        for initiator in port.initiators
    )
    return tuple(sorted(every, key=lambda connection: connection.sort_key))


def served_by(catalogue: Catalogue, component: str) -> tuple[Port, ...]:
    """Return the ports on which a component listens."""
    return tuple(port for port in ports(catalogue) if port.listener == component)


def started_by(catalogue: Catalogue, component: str) -> tuple[Connection, ...]:
    """Return the connections that a component opens."""
    return tuple(
        connection
        for connection in connections(catalogue)
        if connection.initiator.component == component
    )


def by_numbers(catalogue: Catalogue) -> Mapping[Numbers, tuple[Port, ...]]:
    """Return the ports that share a number or range, keyed by it and sorted."""
    found: dict[Numbers, tuple[Port, ...]] = {}
    for port in ports(catalogue):
        found[port.numbers] = (*found.get(port.numbers, ()), port)
    return found


def choice_of(catalogue: Catalogue, port: str) -> tuple[Option, Choice] | None:
    """Return the option and choice that a port belongs to, if it does."""
    for option in catalogue.options.values():
        for choice in option.choices:
            if port in choice.ports:
                return option, choice
    return None


def gateway_only(port: Port) -> bool:
    """Tell whether only gateway agents listen here: nobody connects except through gateways."""
    reaches = {initiator.reach for initiator in port.initiators}
    return bool(reaches) and reaches <= {"gateway", "to-gateway"}
