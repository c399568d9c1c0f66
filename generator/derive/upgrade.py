"""What another product release needs of the network: the same site at both, flow by flow."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from generator.catalogue import Catalogue, Evidence, Port
from generator.derive.flows import derive
from generator.derive.model import Derived, End, Flow, Listener
from generator.releases import release_key
from generator.topology import Site


@dataclass(frozen=True)
class Upgrade:
    """A site at two releases: flows to open before the upgrade, and to close after it.

    A flow of which something that a firewall sees is otherwise is in both; `otherwise` has those of
    which only something else is, before and after. `remaining` stay as they are. `starts` and
    `stops` are listeners to which no flow leads, which matter for conflicts on a host. While both
    releases run, what is in either is needed.
    """

    before: Derived
    after: Derived
    opens: tuple[Flow, ...]
    closes: tuple[Flow, ...]
    otherwise: tuple[tuple[Flow, Flow], ...]
    remaining: int
    starts: tuple[Listener, ...]
    stops: tuple[Listener, ...]


def at_release(catalogue: Catalogue, site: Site, release: str) -> Derived:
    """Return the flows of a site as if it ran another release."""
    return derive(catalogue, replace(site, release=release))


def upgrade(before: Derived, after: Derived) -> Upgrade:
    """Compare a site at a release with itself at a later one."""
    old, new = ({flow.id: flow for flow in one.flows} for one in (before, after))
    both = [(old[name], new[name]) for name in old if name in new]
    moved = {one.id for one, other in both if _on_the_way(one) != _on_the_way(other)}
    otherwise = [
        (one, other)
        for one, other in both
        if one.id not in moved and _agreed(one) != _agreed(other)
    ]
    return Upgrade(
        before=before,
        after=after,
        opens=tuple(f for f in after.flows if f.id not in old or f.id in moved),
        closes=tuple(f for f in before.flows if f.id not in new or f.id in moved),
        otherwise=tuple(otherwise),
        remaining=len(both) - len(moved) - len(otherwise),
        starts=_alone(after, before),
        stops=_alone(before, after),
    )


def _alone(here: Derived, there: Derived) -> tuple[Listener, ...]:
    """Return the listeners that only one of both has, and to which none of its flows leads."""
    dialled = {(end, flow.port.id) for flow in here.flows for end in _listening(flow)}
    return tuple(
        one
        for one in here.listeners
        if one not in there.listeners and (one.end, one.port) not in dialled
    )


def _listening(flow: Flow) -> tuple[End, ...]:
    return (flow.listener, *(flow.listens.ends if flow.listens else ()))


def _on_the_way(flow: Flow) -> tuple[object, ...]:
    """Return what a firewall sees: the dialled address, and the listener behind it."""
    return (flow.port.transport, flow.numbers, flow.addresses, flow.listens, flow.scope)


def _agreed(flow: Flow) -> tuple[object, ...]:
    return (flow.encryption, flow.requirement)


def boundaries(catalogue: Catalogue) -> tuple[str, ...]:
    """Return the releases at which a port of the catalogue comes or goes, the oldest first."""
    named = {
        release
        for port in catalogue.ports.values()
        for release in (port.since, port.until)
        if release is not None
    }
    return tuple(sorted(named, key=release_key))


def between(catalogue: Catalogue, start: str, end: str) -> tuple[str, ...]:
    """Return the boundaries that an upgrade passes, its last release included."""
    low, high = release_key(start), release_key(end)
    return tuple(one for one in boundaries(catalogue) if low < release_key(one) <= high)


def doubts(port: Port, about: str) -> Iterator[Evidence]:
    """Yield what is said of a port's `since` or `until`, where nobody confirms it."""
    for one in port.evidence:
        if one.about == about and one.confidence != "confirmed":
            yield one
