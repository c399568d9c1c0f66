"""The tables of a site's page: hosts, crossings as a firewall team files them, roles, findings."""

from collections.abc import Iterable
from ipaddress import IPv4Network, IPv6Network, collapse_addresses, ip_network

from generator import words
from generator.catalogue import Catalogue, Port
from generator.derive.model import Derived, End, Flow, Listener
from generator.lint.run import Report
from generator.markdown import code, link, relative, table, text
from generator.render.tables import port_page
from generator.topology import HostGroup, Site


def hosts(catalogue: Catalogue, page: str, site: Site) -> list[str]:
    """Return the table of host groups, with their addresses as a firewall takes them."""
    return table(
        ["Group", "Hosts", "Addresses", "CIDR", "Segment", "Zone", "Roles"],
        [
            [
                f'<a id="host-{group.id}"></a>{text(group.id)}',
                _names(group),
                ", ".join(code(a) for a in group.shown_addresses) or "not given",
                ", ".join(code(c) for c in cidrs(group)) or "not given",
                text(site.segments[group.segment].title),
                ", ".join(group.zones),
                ", ".join(
                    link(
                        text(catalogue.components[role.component].title),
                        relative(page, f"components/{role.component}/index.md"),
                    )
                    for role in group.roles
                ),
            ]
            for group in site.groups.values()
        ],
    )


def _names(group: HostGroup) -> str:
    if group.name is not None:
        count = f" ({group.size})" if group.size > 1 else ""
        return f"{code(str(group.name))}{count}"
    return "people" if group.people else f"{group.size}, unnamed"


def cidrs(group: HostGroup) -> tuple[str, ...]:
    """Return the fewest networks that cover exactly the addresses of a group."""
    if group.network is not None:
        return (group.network,)
    four: list[IPv4Network] = []
    six: list[IPv6Network] = []
    for pattern in group.addresses:
        for one in pattern:
            network = ip_network(one)
            four += [network] if isinstance(network, IPv4Network) else []
            six += [network] if isinstance(network, IPv6Network) else []
    return (*map(str, collapse_addresses(four)), *map(str, collapse_addresses(six)))


def flows(catalogue: Catalogue, page: str, derived: Derived, some: Iterable[Flow]) -> list[str]:
    """Return a table of flows: who dials what, what listens behind it, and why."""
    site = derived.site
    return table(
        [
            "Initiator",
            "Role",
            "Dials",
            "Port",
            "Transport",
            "Listens behind",
            "Encryption",
            "Requirement",
            "Why",
        ],
        [
            [
                _end(site, flow.initiator, site.groups[flow.initiator.group].shown_addresses),
                _role(catalogue, site, flow.initiator),
                _end(site, flow.listener, flow.addresses),
                link(
                    str(flow.numbers),
                    relative(page, f"{port_page(flow.port.numbers)}#{flow.port.id}"),
                ),
                flow.port.transport,
                _behind(flow),
                words.CIPHERS[flow.encryption] if flow.encryption != "unknown" else "unknown",
                words.REQUIREMENTS[flow.requirement],
                text("; ".join(dict.fromkeys(reason.why for reason in flow.reasons))),
            ]
            for flow in some
        ],
    )


def _end(site: Site, end: End, addresses: tuple[str, ...]) -> str:
    group = site.groups[end.group]
    name = f"[{text(group.id)}](#host-{group.id})"
    return " ".join((name, *(code(address) for address in addresses)))


def _role(catalogue: Catalogue, site: Site, end: End) -> str:
    component = next(r.component for r in site.groups[end.group].roles if r.id == end.role)
    title = text(catalogue.components[component].title)
    return title if component == end.role else f"{title} ({text(end.role)})"


def _behind(flow: Flow) -> str:
    if flow.listens is None:
        return "the same"
    names = ", ".join(text(end.group) for end in flow.listens.ends)
    addresses = " ".join(code(address) for address in flow.listens.addresses)
    return f"{names} {addresses} on {flow.listens.numbers}"


def listeners(page: str, catalogue: Catalogue, some: Iterable[Listener]) -> list[str]:
    """Return a table of what listens on hosts."""
    return table(
        ["Group", "Port", "Transport", "What it is", "Scope"],
        [
            [
                f"[{text(one.end.group)}](#host-{one.end.group})",
                link(
                    str(one.numbers),
                    relative(page, f"{port_page(catalogue.ports[one.port].numbers)}#{one.port}"),
                ),
                one.transport,
                text(catalogue.ports[one.port].title),
                one.scope,
            ]
            for one in some
        ],
    )


def findings(page: str, report: Report) -> list[str]:
    """Return the tables of findings, and of what is waived with its reason."""
    found = table(
        ["Severity", "Finding", "Rule"],
        [
            [finding.severity, text(finding.message), _rule(page, finding.rule)]
            for finding in report.findings
        ],
    )
    waived = table(
        ["Waived", "Rule", "Reason", "Owner", "Until"],
        [
            [text(f.message), _rule(page, f.rule), text(w.reason), text(w.owner), w.expires]
            for f, w in report.waived
        ],
    )
    return [*(found or ["No rule of the product or of this atlas is broken.", ""]), *waived]


def _rule(page: str, rule: str) -> str:
    return link(rule, relative(page, f"rules/{rule}/index.md"))


def uses(page: str, port: Port, derived: Iterable[Derived]) -> list[str]:
    """Return the table of the sites at which a port is used, and by how many flows."""
    rows: list[list[str]] = []
    for one in derived:
        flows = [flow for flow in one.flows if flow.port.id == port.id]
        listening = [listener for listener in one.listeners if listener.port == port.id]
        if flows or listening:
            dialled = ", ".join(map(str, sorted({flow.numbers for flow in flows})))
            target = relative(page, f"sites/{one.site.id}/index.md")
            rows.append(
                [
                    link(text(one.site.title), target),
                    ", ".join(text(listener.end.group) for listener in listening),
                    str(len(flows)),
                    dialled or "nobody dials it",
                ]
            )
    return table(["Site", "Listens at", "Flows", "Dialled on"], rows)
