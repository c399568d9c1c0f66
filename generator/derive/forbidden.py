"""What `must_not` forbids, flow by flow: an assertion of a site, made concrete."""

from collections.abc import Iterator
from dataclasses import dataclass

from generator.catalogue import Catalogue
from generator.derive.model import Derived
from generator.topology import Ends, HostGroup, Site


@dataclass(frozen=True, slots=True)
class Forbidden:
    """A flow between two host groups that may not exist, on a port and its number."""

    rule: str
    port: str
    numbers: str
    transport: str
    initiator: str
    listener: str
    why: str

    @property
    def id(self) -> str:
        """What check scripts and their results call it."""
        return f"must-not:{self.rule}:{self.port}:{self.initiator}>{self.listener}"


def forbidden(catalogue: Catalogue, derived: Derived) -> Iterator[Forbidden]:
    """Yield what a site forbids: each port that a rule names, or all that the listeners serve."""
    site = derived.site
    for rule in sorted(site.must_not, key=lambda one: one.id):
        for start in members(site, rule.initiators):
            for end in members(site, rule.listeners):
                if start.id == end.id or end.people:
                    continue
                for port, numbers in _served(catalogue, derived, end, rule.ports):
                    transport = catalogue.ports[port].transport
                    yield Forbidden(rule.id, port, numbers, transport, start.id, end.id, rule.why)


def members(site: Site, ends: Ends) -> list[HostGroup]:
    """Return the host groups that are meant by one end of an assertion."""
    return [
        group
        for group in site.groups.values()
        if ends.id
        in {"group": (group.id,), "segment": (group.segment,), "zone": group.zones}[ends.kind]
    ]


def _served(
    catalogue: Catalogue, derived: Derived, group: HostGroup, ports: tuple[str, ...]
) -> list[tuple[str, str]]:
    """Return ports and numbers to try at a group: what it serves, else the catalogue's number."""
    found = {
        (one.port, str(one.numbers))
        for one in derived.listeners
        if one.end.group == group.id
        and one.scope == "network"
        and one.port in (ports or [one.port])
    }
    served = {port for port, _ in found}
    missing = [port for port in ports if port not in served]
    return sorted(found | {(port, str(catalogue.ports[port].numbers)) for port in missing})
