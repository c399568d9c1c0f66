"""The rules that hold for any product: conflicts, clear text, choices, nobody there, must-nots."""

from collections.abc import Iterator
from ipaddress import IPv4Network, IPv6Network, ip_network

from generator.catalogue import Catalogue
from generator.derive.model import Derived, End, Flow, Listener
from generator.lint.model import Found
from generator.policy import Limits
from generator.topology import Ends, HostGroup, Segment, Site
from generator.views import served_by


def port_conflict(catalogue: Catalogue, derived: Derived, limits: Limits) -> Found:
    """Find two listeners on one number of one host."""
    by_host: dict[tuple[str, str], list[Listener]] = {}
    for listener in derived.listeners:
        by_host.setdefault((listener.end.group, listener.transport), []).append(listener)
    for (group, transport), listeners in sorted(by_host.items()):
        for index, one in enumerate(listeners):
            for other in listeners[index + 1 :]:
                if one.numbers.overlaps(other.numbers):
                    message = (
                        f"{group}: {one.end.role} ({one.port}) and {other.end.role} ({other.port}) "
                        f"both listen on {other.numbers}/{transport}"
                    )
                    what = f"{group}:{other.numbers}/{transport}"
                    yield derived.site.groups[group].place, what, message


def clear_text(catalogue: Catalogue, derived: Derived, limits: Limits) -> Found:
    """Find flows in clear text between segments; optional ones are the reader's own choice."""
    for flow in derived.flows:
        if flow.encryption == "none" and flow.requirement != "optional":
            start, end = _segments(derived.site, flow)
            if start != end:
                message = (
                    f"{flow.initiator} → {flow.listener}, {flow.port.id} on {flow.numbers}: "
                    f"clear text from {start} to {end}"
                )
                yield derived.site.groups[flow.initiator.group].place, flow.id, message


def _segments(site: Site, flow: Flow) -> tuple[str, str]:
    groups = site.groups
    return groups[flow.initiator.group].segment, groups[flow.listener.group].segment


def segments_overlap(catalogue: Catalogue, derived: Derived, limits: Limits) -> Found:
    """Find networks of a segment that lie in another one's."""
    around: list[tuple[IPv4Network | IPv6Network, Segment]] = []  # each lies in the one before
    every = (
        (ip_network(text), segment)
        for segment in derived.site.segments.values()
        for text in segment.networks
    )
    for network, segment in sorted(every, key=_wider_first):
        while around and network.network_address not in around[-1][0]:
            around.pop()
        wider = next((one for one in reversed(around) if one[1] is not segment), None)
        if wider is not None:
            message = (
                f"segment {segment.id}: {network} lies in {wider[0]} of segment {wider[1].id}; "
                "what comes from there is of both"
            )
            yield segment.place, f"{segment.id}:{network}", message
        around.append((network, segment))


def _wider_first(one: tuple[IPv4Network | IPv6Network, Segment]) -> tuple[int, int, int, str]:
    network, segment = one
    return network.version, int(network.network_address), network.prefixlen, segment.id


def wide_range(catalogue: Catalogue, derived: Derived, limits: Limits) -> Found:
    """Find listeners that open more numbers at once than the limit."""
    dialling: dict[tuple[End, str], list[Flow]] = {}
    for flow in derived.flows:
        if flow.scope == "network" and len(flow.numbers) > limits.wide_range:
            dialling.setdefault((flow.listener, flow.port.id), []).append(flow)
    for (end, port), flows in sorted(dialling.items()):
        numbers = flows[0].numbers
        groups = ", ".join(sorted({flow.initiator.group for flow in flows}))
        message = (
            f"{groups} → {end}, {port} on {numbers}/{flows[0].port.transport}: "
            f"{len(numbers):,} numbers at once, more than {limits.wide_range:,}"
        )
        yield derived.site.groups[end.group].place, f"{end}:{port}", message


def option_choice(catalogue: Catalogue, derived: Derived, limits: Limits) -> Found:
    """Find options that must be chosen and are not, and hosts that say another was."""
    site = derived.site
    for option in catalogue.options.values():
        taken = site.options.get(option.id)
        if taken is None and option.choose == "exactly-one":
            choices = ", ".join(choice.id for choice in option.choices)
            yield site.place, option.id, f"option {option.id} is not chosen: one of {choices}"
        if taken is None:
            continue
        wanted = {p for choice in option.choices if choice.id == taken for p in choice.ports}
        others = {p for choice in option.choices for p in choice.ports} - wanted
        for group in site.groups.values():
            for role in group.roles:
                ports = {port.id for port in served_by(catalogue, role.component)}
                if ports and ports <= others:
                    message = f"{group.id} runs {role.id}, but option {option.id} is {taken}"
                    yield group.place, f"{group.id}.{role.id}", message


def nobody_there(catalogue: Catalogue, derived: Derived, limits: Limits) -> Found:
    """Find options and features in use whose listener nobody runs."""
    site = derived.site
    for option in catalogue.options.values():
        for choice in option.choices:
            if site.chosen.get(option.id) == choice.id:
                yield from _unlistened(
                    catalogue, site, choice.ports, f"option {option.id} is {choice.id}"
                )
    for feature in sorted(site.features):
        ports = tuple(port.id for port in catalogue.ports.values() if port.feature == feature)
        yield from _unlistened(catalogue, site, ports, f"feature {feature} is in use")


def _unlistened(catalogue: Catalogue, site: Site, ports: tuple[str, ...], because: str) -> Found:
    for component in sorted({catalogue.ports[port].listener for port in ports}):
        if site.hosts_of(component) == 0:
            yield site.place, component, f"{because}, but nobody runs {component}"


def lonely_host(catalogue: Catalogue, derived: Derived, limits: Limits) -> Found:
    """Find host groups that neither start a flow nor take one."""
    busy = {end.group for flow in derived.flows for end in (flow.initiator, flow.listener)}
    busy |= {e.group for flow in derived.flows if flow.listens for e in flow.listens.ends}
    for group in derived.site.groups.values():
        if group.id not in busy:
            roles = ", ".join(role.id for role in group.roles)
            yield group.place, group.id, f"{group.id} ({roles}) has no flow either way"


def gateway_end(catalogue: Catalogue, derived: Derived, limits: Limits) -> Found:
    """Find gateway ends of several machines that no load balancer makes one."""
    site = derived.site
    balanced = {group for entry in site.balanced for group in entry.groups}
    for gateway in site.gateways.values():
        for end in gateway.ends:
            size = site.groups[end.group].size
            if size > 1 and end.group not in balanced:
                message = f"gateway {gateway.id} ends at {end.group}, which is {size} machines"
                yield gateway.place, f"{gateway.id}.{end.zone}", message


def must_not(catalogue: Catalogue, derived: Derived, limits: Limits) -> Found:
    """Find flows that the site says may never exist."""
    site = derived.site
    for forbidden in site.must_not:
        for flow in derived.flows:
            if forbidden.ports and flow.port.id not in forbidden.ports:
                continue
            starts = _among(forbidden.initiators, [site.groups[flow.initiator.group]])
            ends = _among(forbidden.listeners, _listening(site, flow))
            if starts and ends and flow.scope == "network":
                yield (
                    forbidden.place,
                    flow.id,
                    f"{flow.id} exists, but {forbidden.id}: {forbidden.why}",
                )


def _listening(site: Site, flow: Flow) -> list[HostGroup]:
    """Return who is dialled, and who listens behind it."""
    behind: Iterator[str] = (end.group for end in (flow.listens.ends if flow.listens else ()))
    return [site.groups[group] for group in (flow.listener.group, *behind)]


def _among(ends: Ends, groups: list[HostGroup]) -> bool:
    for group in groups:
        names = {"group": (group.id,), "segment": (group.segment,), "zone": group.zones}
        if ends.id in names[ends.kind]:
            return True
    return False
