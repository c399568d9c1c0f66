"""Which addresses a firewall must let through anew for a flow that stayed, and which no more."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import lru_cache
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network
from typing import TypeVar

from generator.derive.model import Flow
from generator.diff.model import FlowChange, Value
from generator.hosts import Pattern, fold

Network = IPv4Network | IPv6Network
N = TypeVar("N", IPv4Network, IPv6Network)


@dataclass(frozen=True, order=True, slots=True)
class Shift:
    """What came and what went at one end of a flow; `old` is all that was there, if others were.

    Addresses are patterns and networks. Of a group that has none these are names, or a count.
    """

    old: tuple[str, ...] = ()
    came: tuple[str, ...] = ()
    went: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.came or self.went)


STAYS = Shift()


def initiator_shift(change: FlowChange) -> Shift:
    """Return what came and went at the end that starts the flow."""
    addresses = change.field("from.addresses")
    if addresses is not None:
        return _between(_texts(addresses.before), _texts(addresses.after))
    return _counted(change, "from", change.flow.initiator.group)


def listener_shift(change: FlowChange) -> Shift:
    """Return what came and went at the end that is dialled.

    Where NAT stands in between, a firewall behind it sees the real address: it counts as well.
    """
    before, after, dialled = change.before, change.after, change.field("to.addresses")
    if before is None or after is None:
        return STAYS
    if dialled is None and change.field("listens.addresses") is None:
        return _counted(change, "to", change.flow.listener.group)
    shift = _between(seen(before), seen(after))
    return replace(shift, old=_texts(dialled.before) if dialled else ())


def seen(flow: Flow) -> tuple[str, ...]:
    """Return what firewalls on the way to a listener see of it."""
    behind = flow.listens
    translated = behind is not None and behind.ends == (flow.listener,)
    return (*flow.addresses, *(behind.addresses if behind and translated else ()))


def readdressed(change: FlowChange) -> bool:
    """Tell whether a firewall between segments lets the same crossing through for others now.

    A flow that opens or closes says it by that already.
    """
    crosses = change.segments[0] != change.segments[1] and change.flow.scope == "network"
    if change.kind != "changed" or not crosses or change.opens or change.closes:
        return False
    return bool(initiator_shift(change) or listener_shift(change))


def _counted(change: FlowChange, side: str, group: str) -> Shift:
    """Return the names that came and went of a group without addresses; or else how many."""
    count, names = change.field(f"{side}.count"), change.field(f"{side}.hosts")
    if count is None or (side == "to" and change.flow.addresses):
        return STAYS
    if names is not None:
        named = _between(_texts(names.before), _texts(names.after))
        return Shift(came=named.came, went=named.went)
    before, after = (
        value if isinstance(value, int) else 0 for value in (count.before, count.after)
    )
    said = (f"{abs(after - before)} host{'' if abs(after - before) == 1 else 's'} of {group}",)
    return Shift(came=said) if after > before else Shift(went=said)


def _texts(value: Value) -> tuple[str, ...]:
    return value if isinstance(value, tuple) else ()


def _between(before: tuple[str, ...], after: tuple[str, ...]) -> Shift:
    return Shift(before, beyond(after, before), beyond(before, after))


@lru_cache(maxsize=1024)  # all flows of a group ask the same
def beyond(some: tuple[str, ...], others: tuple[str, ...]) -> tuple[str, ...]:
    """Return what is in some patterns and networks and not in others, as short as can be."""
    networks, hosts = _parts(some)
    known, without = _parts(others)
    alone = (host for host in hosts - without if not _lies_in(host, known))
    return (*fold(alone), *map(str, _left(networks, known)))


def _parts(texts: Iterable[str]) -> tuple[tuple[Network, ...], frozenset[str]]:
    """Return the networks, and every single address or name that the patterns stand for."""
    networks: list[Network] = []
    hosts: set[str] = set()
    for text in texts:
        if "/" in text:
            networks.append(ip_network(text))
        else:
            hosts.update(map(_plain, Pattern(text)))
    return tuple(networks), frozenset(hosts)


def _plain(host: str) -> str:
    """Return an IPv6 address as all of them are written; anything else as it is."""
    try:
        return str(ip_address(host)) if ":" in host else host
    except ValueError:
        return host


def _lies_in(host: str, networks: tuple[Network, ...]) -> bool:
    if not networks:
        return False
    try:
        address = ip_address(host)
    except ValueError:
        return False
    return any(address in network for network in networks)


def _left(networks: tuple[Network, ...], known: tuple[Network, ...]) -> list[Network]:
    """Return what is left of networks without those that are known."""
    left = list(networks)
    for one in known:
        left = [part for network in left for part in _without(network, one)]
    return sorted(set(left), key=lambda network: (network.version, network))


def _without(network: Network, known: Network) -> list[Network]:
    if isinstance(network, IPv4Network) and isinstance(known, IPv4Network):
        return [*_cut(network, known)]
    if isinstance(network, IPv6Network) and isinstance(known, IPv6Network):
        return [*_cut(network, known)]
    return [network]


def _cut(network: N, known: N) -> list[N]:
    if not network.overlaps(known):
        return [network]
    return [] if network.subnet_of(known) else list(network.address_exclude(known))
