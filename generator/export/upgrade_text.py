"""An upgrade for a person at a terminal: what to open before it, and to close after it."""

from collections.abc import Iterable, Iterator

from generator.catalogue import Catalogue
from generator.derive.model import Derived, Flow
from generator.derive.upgrade import Upgrade, between, doubts
from generator.export.tables import to_text

COLUMNS = ("from", "to", "dials", "numbers", "transport", "segments", "requirement", "flow")


def upgrade_text(catalogue: Catalogue, found: Upgrade) -> str:
    """Return the flows to open and to close, who acts, what is doubtful, and what remains."""
    start, end = found.before.site.release, found.after.site.release
    lines = [f"{found.after.site.id}: {start} → {end}", ""]
    lines += _part("Open before the upgrade", found.after, found.opens)
    lines += _part("Close after the upgrade", found.before, found.closes)
    for one, other in found.otherwise:
        lines.append(
            f"Otherwise: {other.id}: {one.encryption}, {one.requirement} → "
            f"{other.encryption}, {other.requirement}"
        )
    for words, listeners in (
        ("Listens then", found.starts),
        ("Listens no more", found.stops),
    ):
        lines += [
            f"{words}, though no flow leads to it: {one.end} on {one.numbers}/{one.transport} "
            f"({one.port})"
            for one in listeners
        ]
    lines += _doubts(found)
    lines += ["", *remains(catalogue, found)]
    return "\n".join([*lines, ""])


def _part(title: str, derived: Derived, flows: tuple[Flow, ...]) -> Iterator[str]:
    if not flows:
        yield f"{title}: nothing"
        return
    yield f"{title}: {len(flows)}"
    yield from (f"  {line}" for line in to_text(COLUMNS, _rows(derived, flows)).splitlines())


def _rows(derived: Derived, flows: Iterable[Flow]) -> Iterator[tuple[str, ...]]:
    groups = derived.site.groups
    crossing = sorted(flows, key=lambda flow: where(derived, flow)[0] == where(derived, flow)[1])
    for flow in crossing:
        start, end = where(derived, flow)
        yield (
            ", ".join(groups[flow.initiator.group].shown_hosts) or flow.initiator.group,
            ", ".join(groups[flow.listener.group].shown_hosts) or flow.listener.group,
            ", ".join(flow.addresses) or "-",
            str(flow.numbers),
            flow.port.transport,
            "this host" if flow.scope == "loopback" else f"{start} → {end}",
            flow.requirement,
            flow.id,
        )


def where(derived: Derived, flow: Flow) -> tuple[str, str]:
    """Return the segments of both ends."""
    groups = derived.site.groups
    return groups[flow.initiator.group].segment, groups[flow.listener.group].segment


def _doubts(found: Upgrade) -> Iterator[str]:
    """Yield what is said of the releases, where nobody confirms it."""
    for flows, about in ((found.opens, "since"), (found.closes, "until")):
        for port in dict.fromkeys(flow.port.id for flow in flows):
            one = next(flow.port for flow in flows if flow.port.id == port)
            release = one.since if about == "since" else one.until
            for evidence in doubts(one, about):
                says = f"{evidence.says} ({evidence.confidence})"
                yield f"Not sure: {port} {about} {release}: {says}"


def remains(catalogue: Catalogue, found: Upgrade) -> Iterator[str]:
    """Say what stays, who acts, and how far the catalogue knows."""
    count = found.remaining
    yield f"{count} flow{'' if count == 1 else 's'} stay{'s' if count == 1 else ''} as documented."
    changed = (*((found.after, f) for f in found.opens), *((found.before, f) for f in found.closes))
    network = [(one, flow) for one, flow in changed if flow.scope == "network"]
    crossings = sum(where(one, flow)[0] != where(one, flow)[1] for one, flow in network)
    if network:
        yield (
            f"Of those to open and to close, {crossings} cross segments (the network team's), and "
            f"{len(network) - crossings} stay within one (only where hosts filter)."
        )
        yield "While hosts of both releases run, both lists are needed."
    passed = between(catalogue, found.before.site.release, found.after.site.release)
    yield f"Ports come or go on this way in: {', '.join(passed) or 'no release that is known of'}."
