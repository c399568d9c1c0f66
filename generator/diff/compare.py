"""What differs between two derived sites: flows by id, every field of them."""

from generator.derive.model import Derived, Flow
from generator.diff.facts import Facts, flow_facts, flow_id
from generator.diff.model import Field, FlowChange, Renames, SiteDiff

NO_RENAMES = Renames()


def compare_sites(before: Derived, after: Derived) -> SiteDiff:
    """Return what differs between a site before and after."""
    site = after.site.id
    was = before.site.id if before.site.id != site else None
    flows = compare_flows(before, after, NO_RENAMES)
    return SiteDiff(
        id=site,
        kind="renamed" if was else "changed",
        was=was,
        derived_before=before,
        derived_after=after,
        renames=NO_RENAMES,
        entries=(),
        flows=flows,
    )


def compare_flows(before: Derived, after: Derived, names: Renames) -> tuple[FlowChange, ...]:
    """Return the flows that came, went or changed, in the order of flows."""
    old = {flow_id(flow, names): flow for flow in before.flows}
    new = {flow.id: flow for flow in after.flows}
    found = [
        change
        for key in old.keys() | new.keys()
        if (change := _flow(before, after, old.get(key), new.get(key), names)) is not None
    ]
    return tuple(sorted(found, key=lambda change: (change.flow.sort_key, change.kind)))


def _flow(
    before: Derived, after: Derived, old: Flow | None, new: Flow | None, names: Renames
) -> FlowChange | None:
    fields: tuple[Field, ...] = ()
    if old is not None and new is not None:
        fields = differing(
            flow_facts(before.site, old, names), flow_facts(after.site, new, NO_RENAMES)
        )
        if not fields:
            return None
    return FlowChange(
        kind="added" if old is None else "removed" if new is None else "changed",
        before=old,
        after=new,
        fields=fields,
        segments_before=_segments(before, old, names) if old else None,
        segments_after=_segments(after, new, NO_RENAMES) if new else None,
    )


def _segments(derived: Derived, flow: Flow, names: Renames) -> tuple[str, str]:
    start, end = (derived.site.groups[one.group].segment for one in (flow.initiator, flow.listener))
    return names.segments.get(start, start), names.segments.get(end, end)


def differing(before: Facts, after: Facts) -> tuple[Field, ...]:
    """Return the fields that differ, by name."""
    return tuple(
        Field(name, before.get(name), after.get(name))
        for name in sorted(before.keys() | after.keys())
        if before.get(name) != after.get(name)
    )
