"""The kinds of rules of a product: the catalogue's constraints, held against a site."""

from collections.abc import Iterator

from generator.catalogue import Catalogue, Check, Constraint
from generator.derive.existence import holds
from generator.derive.model import Derived
from generator.lint.model import Found
from generator.policy import Limits
from generator.topology import HostGroup, Role, Site


def _checks(catalogue: Catalogue, kind: str) -> Iterator[tuple[Constraint, Check]]:
    for constraint in catalogue.constraints.values():
        if constraint.check is not None and constraint.check.kind == kind:
            yield constraint, constraint.check


def _running(site: Site, components: tuple[str, ...]) -> Iterator[tuple[HostGroup, Role]]:
    for group in site.groups.values():
        for role in group.roles:
            if role.component in components:
                yield group, role


def only_in_zone(catalogue: Catalogue, derived: Derived, limits: Limits) -> Found:
    """Find components outside the one zone in which they may be."""
    for constraint, check in _checks(catalogue, "only_in_zone"):
        for group, role in _running(derived.site, check.components):
            if group.zones != (check.zone,):
                message = (
                    f"{group.id} runs {role.id} in zone {'/'.join(group.zones)}: {constraint.title}"
                )
                yield group.place, f"{group.id}.{role.id}", message


def route_to_zone(catalogue: Catalogue, derived: Derived, limits: Limits) -> Found:
    """Find zones from which no chain of gateways leads where it must."""
    site = derived.site
    for constraint, check in _checks(catalogue, "route_to_zone"):
        reached = {check.zone}
        while True:
            joined = [g.between() for g in site.gateways.values() if g.between() & reached]
            more = frozenset(reached).union(*joined)
            if more == reached:
                break
            reached = set(more)
        for zone in site.zones:
            if zone not in reached:
                segment = next((s for s in site.segments.values() if s.zone == zone), None)
                place = segment.place if segment else site.place
                yield place, zone, f"no gateway leads from zone {zone}: {constraint.title}"


def gateways_between_zones(catalogue: Catalogue, derived: Derived, limits: Limits) -> Found:
    """Find pairs of zones that more gateways join than may."""
    site = derived.site
    for constraint, check in _checks(catalogue, "gateways_between_zones"):
        pairs: dict[frozenset[str], list[str]] = {}
        for gateway in site.gateways.values():
            pairs.setdefault(gateway.between(), []).append(gateway.id)
        for pair, ids in sorted(pairs.items(), key=lambda item: item[1]):
            if len(ids) > (check.count or 1):
                zones = " and ".join(sorted(pair))
                message = f"{zones} are joined by {', '.join(sorted(ids))}: {constraint.title}"
                yield site.gateways[ids[-1]].place, zones, message


def beside(catalogue: Catalogue, derived: Derived, limits: Limits) -> Found:
    """Find components without the one that they need on their host."""
    for constraint, check in _checks(catalogue, "beside"):
        for group, role in _running(derived.site, check.components):
            for needed in check.others:
                if group.role(needed) is None:
                    message = f"{group.id} runs {role.id} without {needed}: {constraint.title}"
                    yield group.place, f"{group.id}.{role.id}", message


def never_beside(catalogue: Catalogue, derived: Derived, limits: Limits) -> Found:
    """Find components on the host of one beside which they may not be."""
    for constraint, check in _checks(catalogue, "never_beside"):
        for group, role in _running(derived.site, check.components):
            for other in check.others:
                if group.role(other) is not None:
                    message = f"{group.id} runs {role.id} beside {other}: {constraint.title}"
                    yield group.place, f"{group.id}.{role.id}", message


def needed_when(catalogue: Catalogue, derived: Derived, limits: Limits) -> Found:
    """Find components of which too few run, where a condition holds."""
    site = derived.site
    for constraint, check in _checks(catalogue, "needed_when"):
        for component in check.components:
            count = site.hosts_of(component)
            if holds(catalogue, site, check.condition) and count < (check.count or 1):
                message = (
                    f"{site.id} is {check.condition} with {count} of {check.count} {component}: "
                    f"{constraint.title}"
                )
                yield site.place, component, message


def odd_number(catalogue: Catalogue, derived: Derived, limits: Limits) -> Found:
    """Find components of which an even number runs, or none, where a condition holds."""
    site = derived.site
    for constraint, check in _checks(catalogue, "odd_number"):
        for component in check.components:
            count = site.hosts_of(component)
            if holds(catalogue, site, check.condition) and count % 2 == 0:
                message = (
                    f"{site.id} is {check.condition} with {count} {component}: {constraint.title}"
                )
                yield site.place, component, message


def not_when(catalogue: Catalogue, derived: Derived, limits: Limits) -> Found:
    """Find components that may not run where a condition holds."""
    for constraint, check in _checks(catalogue, "not_when"):
        if holds(catalogue, derived.site, check.condition):
            for group, role in _running(derived.site, check.components):
                message = (
                    f"{group.id} runs {role.id}, but {derived.site.id} is {check.condition}: "
                    f"{constraint.title}"
                )
                yield group.place, f"{group.id}.{role.id}", message


def one_segment(catalogue: Catalogue, derived: Derived, limits: Limits) -> Found:
    """Find clear text between segments, where components must share one."""
    site = derived.site
    for constraint, check in _checks(catalogue, "one_segment"):
        if not holds(catalogue, site, check.condition):
            continue
        for flow in derived.flows:
            ends = (site.groups[flow.initiator.group], site.groups[flow.listener.group])
            kinds = [
                _component(ends[0], flow.initiator.role),
                _component(ends[1], flow.listener.role),
            ]
            if (
                flow.encryption == "none"
                and kinds[0] != kinds[1]
                and set(kinds) <= set(check.components)
                and ends[0].segment != ends[1].segment
            ):
                message = (
                    f"{flow.initiator.group} → {flow.listener.group}:{flow.numbers} goes in clear "
                    f"text from {ends[0].segment} to {ends[1].segment}: {constraint.title}"
                )
                yield ends[0].place, flow.id, message


def _component(group: HostGroup, role: str) -> str:
    return next(one.component for one in group.roles if one.id == role)
