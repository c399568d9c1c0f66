"""A site's flows as lines for `git diff`: one a flow, none depends on another.

Nothing is aligned: a longer name would otherwise change every line.
"""

from generator.derive.model import Derived, Flow
from generator.render.words import CIPHERS, REQUIREMENTS
from generator.topology import Site


def flows_lines(derived: Derived) -> str:
    """Return every flow on a line of its own, in the order of segments, then of ends and ports."""
    lines = sorted(_line(derived.site, flow) for flow in derived.flows)
    return "".join(f"{line}\n" for line in lines)


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
