"""A site as lines for `git diff`: one a flow, then one for each thing that its data say.

Nothing is aligned, and no line depends on another: a longer name would otherwise change them all.
"""

from collections.abc import Iterator

from generator.catalogue import Catalogue
from generator.derive.model import Derived, Flow
from generator.diff.entries import NO_RENAMES
from generator.diff.model import Value
from generator.diff.site_entries import site_sections
from generator.topology import Site
from generator.words import CIPHERS, REQUIREMENTS


def site_lines(catalogue: Catalogue, derived: Derived) -> str:
    """Return every flow, in the order of segments, then of ends and ports; and every entry.

    The entries are there for what makes no flow, and may weigh as much: an assertion, a waiver.
    """
    flows = sorted(_line(derived.site, flow) for flow in derived.flows)
    lines = (*flows, "", *_entries(catalogue, derived.site))
    return "".join(f"{line}\n" for line in lines)


def _entries(catalogue: Catalogue, site: Site) -> Iterator[str]:
    for section, entries in site_sections(catalogue, site, NO_RENAMES).items():
        for key, entry in entries.items():
            for name, value in entry.says.items():
                said = _text(value)
                if said:
                    path = [section, key, *([] if name == "value" else [name])]
                    yield f"{'.'.join(path)}: {said}"


def _text(value: Value) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    words = value if isinstance(value, tuple) else () if value is None else (str(value),)
    return " ".join(", ".join(words).split())


def _line(site: Site, flow: Flow) -> str:
    start, end = (site.groups[e.group].segment for e in (flow.initiator, flow.listener))
    parts = [
        f"{start} → {end}:" if start != end else f"within {start}:",
        f"{_end(site, flow.initiator.group)} ({flow.initiator.role})",
        f"→ {flow.listener.group} {' '.join(flow.addresses)} ({flow.listener.role})".replace(
            "  ", " "
        ),
        f"{flow.numbers}/{flow.port.transport}",
        f"{flow.port.service},",
        f"{CIPHERS[flow.encryption]},",
        REQUIREMENTS[flow.requirement],
    ]
    if flow.scope == "loopback":
        parts.append("(loopback)")
    if flow.listens is not None:
        ends = ", ".join(one.group for one in flow.listens.ends)
        addresses = " ".join(flow.listens.addresses)
        parts.append(f"listens behind: {ends} {addresses} {flow.listens.numbers}")
    return " ".join(part for part in parts if part)


def _end(site: Site, group: str) -> str:
    return " ".join((group, *site.groups[group].shown_addresses))
