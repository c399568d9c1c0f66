"""What a site's difference is in flows, the whole of a site that came or went included."""

from dataclasses import replace

from generator.catalogue import Cipher
from generator.derive.model import Derived, Flow
from generator.diff.model import FlowChange, SiteDiff

WORDS = frozenset({"why", "url", "service", "port", "from.hosts", "to.hosts"})
"""Fields of which a network knows nothing: words, links and names."""


def flow_changes(site: SiteDiff) -> tuple[FlowChange, ...]:
    """Return every flow that differs; all of them of a site that came or went."""
    before, after = site.derived_before, site.derived_after
    if before is None and after is not None:
        return tuple(
            replace(_whole(after, flow, came=True), causes=site.lines.get(flow.port.id, ()))
            for flow in after.flows
        )
    if after is None and before is not None:
        return tuple(_whole(before, flow, came=False) for flow in before.flows)
    return site.flows


def _whole(derived: Derived, flow: Flow, *, came: bool) -> FlowChange:
    groups = derived.site.groups
    pair = (groups[flow.initiator.group].segment, groups[flow.listener.group].segment)
    return FlowChange(
        kind="added" if came else "removed",
        before=None if came else flow,
        after=flow if came else None,
        fields=(),
        segments_before=None if came else pair,
        segments_after=pair if came else None,
    )


def on_network(change: FlowChange) -> bool:
    """Tell whether a network sees the difference: no loopback, and more than words."""
    if change.flow.scope == "loopback" and (change.before is None or change.after is None):
        return False
    scopes = {flow.scope for flow in (change.before, change.after) if flow is not None}
    if scopes == {"loopback"}:
        return False
    return change.kind != "changed" or any(field.name not in WORDS for field in change.fields)


def old_cipher(change: FlowChange) -> Cipher | None:
    """Return the encryption before, if it is another now."""
    if change.before is None or change.after is None:
        return None
    old = change.before.encryption
    return old if old != change.after.encryption else None


def other_fields(change: FlowChange) -> tuple[str, ...]:
    """Return what else differs than number and encryption, in words; no address and no name."""
    found = {
        "listener behind"
        if field.name.startswith("listens.")
        else _FIELDS.get(field.name.rpartition(".")[2], "")
        for field in change.fields
    }
    behind = change.field("listens.numbers")
    if behind is not None and behind.before is not None and behind.after is not None:
        found = {
            *found - {"listener behind"},
            f"listener behind on {behind.after} ← {behind.before}",
        }
    return tuple(sorted(found - {""}))


_FIELDS = {
    "addresses": "addresses",
    "count": "hosts",
    "segment": "segment",
    "zone": "zone",
    "zones": "zone",
    "requirement": "requirement",
    "scope": "scope",
    "transport": "transport",
}
