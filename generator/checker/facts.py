"""A site's hosts, listeners and flows as the facts of its check script, in whatever shell.

Groups stay groups, and what differs in its initiator only shares a line, so that the script grows
with the site's description and not with its machines.
"""

from collections.abc import Iterable, Iterator

from generator import __version__
from generator.catalogue import Catalogue
from generator.derive.forbidden import forbidden
from generator.derive.model import STRENGTH, Derived, End, Flow
from generator.topology import HostGroup, Site

Fact = tuple[str, ...]
"""The kind of a fact and its words, none of them empty at the end."""


def facts(
    catalogue: Catalogue, derived: Derived, version: str, address: str = ""
) -> tuple[Fact, ...]:
    """Return what a script has to know of a site; `version` is the data's.

    `address` is where the pages are published, without the slash at its end; it may be unknown.
    """
    return (about(version, derived.site, address), *_facts(catalogue, derived))


def about(version: str, site: Site | None = None, address: str = "") -> Fact:
    """Return what a script says of itself.

    Site, release, the data's version, the generator's, and the pages' address where it is known.
    """
    id_, release = (site.id, site.release) if site else ("", "")
    return short("about", id_, release, version, __version__, address)


def _facts(catalogue: Catalogue, derived: Derived) -> Iterator[Fact]:
    site = derived.site
    domain = ""
    for group in site.groups.values():
        yield _host(group, domain)
        domain = _domain(group) or domain
    serving: dict[tuple[str, ...], list[End]] = {}
    for one in derived.listeners:
        title = _text(catalogue.ports[one.port].title)
        what: tuple[str, ...] = (one.port, title, str(one.numbers), one.transport, one.scope)
        serving.setdefault(what, []).append(one.end)
    together: dict[tuple[str, ...], list[Flow]] = {}
    for flow in derived.flows:
        together.setdefault(_same(derived, flow), []).append(flow)
    served = sorted((_serving(ends), what) for what, ends in serving.items())
    ports = dict.fromkeys([*(what[0] for _, what in served), *(same[0] for same in together)])
    lines = sorted(together.items(), key=lambda line: list(ports).index(line[0][0]))
    ends = list(_ends([flows for _, flows in lines]))
    told = [(*same[:5], words, *same[5:]) for (same, _), words in zip(lines, ends, strict=True)]
    yield from _without_repetition(served, told, ports)
    yield from _never(catalogue, derived)


def _without_repetition(
    served: Iterable[tuple[str, tuple[str, ...]]], flows: Iterable[Fact], ports: Iterable[str]
) -> Iterator[Fact]:
    """Yield who serves a port and the flows to it, port by port.

    Empty is what the line before says: the port, or the numbers with transport and scope; and who
    serves it, where that is as for the port before.
    """
    last: Fact = ("", "", "", "")
    last_serving = ""
    for port in ports:
        for serving, (id_, title, *numbers) in served:
            if id_ == port:
                same = serving == last_serving
                yield short("serves", id_, title, *numbers, "" if same else serving)
                last, last_serving = (id_, *numbers), serving
        for id_, *rest in flows:
            if id_ == port:
                numbers, more = rest[:3], rest[3:]
                again = ["" if id_ == last[0] else id_]
                again += ["", "", ""] if tuple(numbers) == last[1:] else numbers
                yield short("flow", *again, *more)
                last = (id_, *numbers)


def short(*values: str) -> Fact:
    """Return a fact without the empty words at its end."""
    kept = list(values)
    while not kept[-1]:
        kept.pop()
    return tuple(kept)


def _text(value: str) -> str:
    """Return a text of the data as it is read: on one line, whatever lines it was written in."""
    return " ".join(value.split())


def _serving(ends: list[End]) -> str:
    roles = sorted({end.role for end in ends})
    groups = {role: sorted(end.group for end in ends if end.role == role) for role in roles}
    return " ".join(f"{role}: {' '.join(groups[role])}" for role in roles)


def _domain(group: HostGroup) -> str:
    return str(group.name or "").partition(".")[2]


def _host(group: HostGroup, last: str) -> Fact:
    """Return a group; where its domain is the last one, its name ends behind the dot before it."""
    name = str(group.name or "")
    domain = _domain(group)
    if domain and domain == last:
        name = name.removesuffix(domain)
    addresses = " ".join(map(str, group.addresses))
    size = "" if group.size == 1 else str(group.size)
    return short("host", group.id, name, addresses, size, group.network or "")


def _same(derived: Derived, flow: Flow) -> tuple[str, ...]:
    """Return what a line says of all its flows alike."""
    own = derived.site.groups[flow.listener.group].shown_addresses
    dials = "" if flow.addresses == own else " ".join(flow.addresses)
    behind = ""
    if flow.listens is not None:
        groups = ", ".join(dict.fromkeys(end.group for end in flow.listens.ends))
        behind = f"{groups} on {flow.listens.numbers}"
    return (
        flow.port.id,
        str(flow.numbers),
        flow.port.transport,
        flow.scope,
        flow.encryption,
        behind,
        dials,
    )


def _ends(lines: Iterable[list[Flow]]) -> Iterator[str]:
    """Yield for each line its listeners, behind each its initiators, before them their requirement.

    They are `always` required until another word says so. A listener, or an initiator, without a
    role has that of the one before, in this line or an earlier one.
    """
    to = role = ""
    for flows in lines:
        words: list[str] = []
        for listener in sorted({flow.listener for flow in flows}):
            words.append(f">{_end(listener, to)}")
            to = listener.role
            for need in STRENGTH:
                mine = [
                    f.initiator for f in flows if (f.listener, f.requirement) == (listener, need)
                ]
                if mine and need != "always":
                    words.append(f"{need}:")
                for end in sorted(mine, key=lambda end: (end.role, end.group)):
                    words.append(_end(end, role))
                    role = end.role
        yield " ".join(words)


def _end(end: End, role: str) -> str:
    """Return an end as it is told after one with that role."""
    return end.group if end.role == role else str(end)


def _never(catalogue: Catalogue, derived: Derived) -> Iterator[Fact]:
    for one in forbidden(catalogue, derived):
        ends = (one.initiator, one.listener, one.rule)
        yield ("never", one.port, one.numbers, one.transport, *ends, _text(one.why))
