"""A flow's change judged, if no entry's own change says it already."""

from generator.diff.around import Around
from generator.diff.cause import lines
from generator.diff.fingerprint import fingerprint
from generator.diff.kinds import kind_of, kinds_of
from generator.diff.model import FlowChange
from generator.diff.review import Change
from generator.problems import Place
from generator.rules import flow_rules
from generator.rules.model import DiffRule

NEVER_QUIET = (flow_rules.NEW_CLEAR_TEXT, flow_rules.MANDATORY_FLOW_ADDED)
"""What no line of a host group speaks for: a firewall is asked for more than before."""


def spoken_for(change: FlowChange, at: Around) -> bool:
    """Tell whether a flow changed in nothing but what an entry's own change says already."""
    if change.kind != "changed" or kind_of(change, at)[0] in NEVER_QUIET:
        return False
    sections = {entry.section for entry in change.causes}
    return all(_said(field.name, change, sections) for field in change.fields)


def _said(name: str, change: FlowChange, sections: set[str]) -> bool:
    if name in ("why", "service", "url"):
        return bool(sections & {"ports", "hosts", "load_balancers"})
    if name == "crosses" or name.startswith("from.") or name in _OF_GROUPS:
        return bool(sections & {"hosts", "segments"})
    if name in ("to.addresses", "listens.addresses"):
        return not _redirected(change) and "hosts" in sections
    return False


_OF_GROUPS = ("to.hosts", "to.count", "to.segment", "to.zone", "to.zones")


def _redirected(change: FlowChange) -> bool:
    """Tell whether another thing stands in the listener's place, or stands there otherwise."""
    if change.field("listens.groups") or change.field("listens.numbers"):
        return True
    dialled = any(entry.section == "gateways" for entry in change.causes)
    return dialled and change.field("to.addresses") is not None


def flow_changes(change: FlowChange, at: Around) -> tuple[Change, ...]:
    """Return a flow's change with the worst rule that holds, and with one for the network team."""
    return tuple(_judged(change, at, rule, said) for rule, said in kinds_of(change, at))


def _judged(change: FlowChange, at: Around, rule: DiffRule, said: str) -> Change:
    flow = change.flow
    ids: tuple[str, ...] = (change.id,)
    before, after = _places(change)
    if at.site.kind == "added" and not change.causes:  # its own file is what came
        after = (
            tuple(p for p in after if p.file in {top.file for top in at.site.top}) or at.site.top
        )
    other = at.turned.get(change.id) if rule is flow_rules.DIRECTION_REVERSED else None
    if other is not None:
        ids = (*ids, other.id)
        before = (*before, *_places(other)[0])
    facts: object = [[f.name, f.before, f.after] for f in change.fields]
    if change.kind != "changed":
        dialled = [*flow.addresses, *(flow.listens.addresses if flow.listens else ())]
        facts = [change.kind, str(flow.numbers), flow.encryption, change.segments, dialled]
    causes = lines(change)
    left = [new for _, new in causes if new is not None]
    gone = [old for old, _ in causes if old is not None]
    acts = rule.acts
    if rule is flow_rules.INSIDE_SEGMENT and flow.scope == "loopback":
        acts = "nobody"
    return Change(
        rule=rule.id,
        severity=rule.severity,
        acts=acts,
        site=at.site.id,
        what=change.id,
        message=" ".join(
            f"{flow.initiator} → {flow.listener}, {flow.port.id} on {flow.numbers}: {said}".split()
        ),
        fingerprint=fingerprint(rule, at.site.id, change.id, facts),
        subject=change,
        flows=ids,
        before=before,
        after=after,
        anchor=(*left, *(() if gone else after), *at.site.top, *before)[0],
        cause=next(iter((*left, *gone)), None),
    )


def _places(change: FlowChange) -> tuple[tuple[Place, ...], tuple[Place, ...]]:
    """Return the data lines behind a change on each side: what made it, else what made the flow."""
    causes = lines(change)
    before = [old for old, _ in causes if old is not None]
    after = [new for _, new in causes if new is not None]
    if not before and change.before is not None:
        before = [place for reason in change.before.reasons for place in reason.places]
    if not after and change.after is not None:
        after = [place for reason in change.after.reasons for place in reason.places]
    return tuple(dict.fromkeys(before)), tuple(dict.fromkeys(after))
