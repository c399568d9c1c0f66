"""Flows machine by machine, for the outputs that need it; everything else keeps to groups."""

from collections.abc import Iterator
from dataclasses import dataclass

from generator.derive.model import Derived, Flow
from generator.topology import HostGroup


@dataclass(frozen=True, order=True, slots=True)
class Machine:
    """One machine of a group, or a network of people as a whole; `number` counts from 1."""

    group: str
    number: int
    name: str
    addresses: tuple[str, ...]


@dataclass(frozen=True, order=True, slots=True)
class MachineFlow:
    """One machine dialling one `address`; `listener` is the machine that is meant by it."""

    port: str
    initiator: Machine
    listener: Machine
    address: str
    numbers: str
    transport: str
    scope: str
    id: str


def machines(group: HostGroup) -> tuple[Machine, ...]:
    """Return the machines of a group; unnamed ones are called by group and number."""
    if group.people:
        return (Machine(group.id, 1, group.id, group.shown_addresses),)
    addresses = [tuple(pattern) for pattern in group.addresses]
    names = tuple(group.name) if group.name else ()
    found: list[Machine] = []
    for index in range(group.size):
        own = tuple(pattern[index] for pattern in addresses)
        unnamed = group.id if group.size == 1 else f"{group.id}-{index + 1}"
        name = names[index] if names else (own[0] if own else unnamed)
        found.append(Machine(group.id, index + 1, name, own))
    return tuple(found)


def expand(derived: Derived) -> Iterator[MachineFlow]:
    """Yield every flow of a site machine by machine, in the order of the flows."""
    everyone = {group.id: machines(group) for group in derived.site.groups.values()}
    for flow in derived.flows:
        for one in everyone[flow.initiator.group]:
            for other in everyone[flow.listener.group]:
                same = one is other
                if same == (flow.scope == "loopback"):
                    yield from _dialling(derived, flow, one, other)


def _dialling(derived: Derived, flow: Flow, one: Machine, other: Machine) -> Iterator[MachineFlow]:
    group = derived.site.groups[flow.listener.group]
    if flow.scope == "loopback":
        addresses: tuple[str, ...] = ("127.0.0.1",)
    elif flow.addresses != group.shown_addresses:
        addresses = flow.addresses  # what a gateway's other side dials instead
    else:
        addresses = other.addresses or ("",)
    for address in addresses:
        yield MachineFlow(
            flow.port.id,
            one,
            other,
            address,
            str(flow.numbers),
            flow.port.transport,
            flow.scope,
            flow.id,
        )
