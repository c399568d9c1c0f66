"""Which kind of change a flow's is: the worst that holds, each by one question."""

from collections.abc import Callable

from generator.catalogue import Numbers
from generator.derive.model import STRENGTH
from generator.diff.around import PROTECTION, Around, moved
from generator.diff.model import Field, FlowChange
from generator.rules import entry_rules, flow_rules
from generator.rules.model import DiffRule

WORDS = frozenset({"why", "service", "url"})
"""Fields of a flow that no firewall sees."""


def crosses(change: FlowChange) -> bool:
    """Tell whether a firewall between segments sees it, before or after."""
    network = change.flow.scope == "network" or change.field("scope") is not None
    return network and any(
        pair is not None and pair[0] != pair[1]
        for pair in (change.segments_before, change.segments_after)
    )


def _new_clear_text(change: FlowChange, at: Around) -> str | None:
    after = change.after
    elsewhere = change.opens and change.segments_before != change.segments_after
    new = crosses(change) if change.kind == "added" else elsewhere
    if after is None or not new or after.encryption != "none" or after.requirement == "optional":
        return None
    return f"clear text from {' to '.join(change.segments)}"


def _reversed(change: FlowChange, at: Around) -> str | None:
    if change.kind != "added" or change.id not in at.turned:
        return None
    was = at.turned[change.id].flow
    return f"was {was.initiator} → {was.listener}"


def _weakened(change: FlowChange, at: Around) -> str | None:
    field = change.field("encryption")
    if field is not None and _rank(field.before) > _rank(field.after):
        return f"protected by {field.before} before, by {field.after} now"
    if change.kind == "added" and change.id in at.replaced:
        was = at.replaced[change.id].flow
        return f"protected by {change.flow.encryption}; {was.port.id} was by {was.encryption}"
    return None


def _rank(cipher: object) -> int:
    return next(rank for name, rank in PROTECTION.items() if name == cipher)


def _widened(change: FlowChange, at: Around) -> str | None:
    if not crosses(change):
        return None
    for name in ("numbers", "listens.numbers"):
        field = change.field(name)
        if field is None or not (isinstance(field.before, str) and isinstance(field.after, str)):
            continue  # what stood between came or went: then the number dialled says it
        if _width(field.before) < _width(field.after):
            return f"{field.before} before, {field.after} now"
    return None


def _width(numbers: str) -> int:
    """Return how many numbers a text names."""
    first, _, last = numbers.partition("-")
    return len(Numbers(int(first), int(last or first)))


def _added(change: FlowChange, at: Around) -> str | None:
    if change.kind != "added" or not crosses(change) or change.came.nothing:
        return None
    clear = ", in clear text" if change.flow.encryption == "none" else ""
    return f"new from {' to '.join(change.segments)}{_alone(change)}{clear}"


def _alone(change: FlowChange) -> str:
    """Say for which hosts alone a flow came or went, where others have it between other groups."""
    left = change.came if change.kind == "added" else change.went
    alone = (*left.initiators, *left.listeners)
    part = " in part: other flows go on between some of these hosts" if change.in_part else ""
    return (f" for {shown(alone)}" if alone else "") + part


def _mandatory(change: FlowChange, at: Around) -> str | None:
    """Tell of hosts that are there already: they dial another one now, or one more."""
    flow = change.flow
    if change.kind == "changed":
        return _crosses_now(change, at)
    new = {
        key
        for (section, key), entry in at.entries.items()
        if section == "hosts" and entry.kind == "added"
    }
    for_new = bool(new & {flow.initiator.group, flow.listener.group})
    if flow.requirement == "optional" or (for_new and change.id not in at.redialled):
        return None
    return _added(change, at)


def _crosses_now(change: FlowChange, at: Around) -> str | None:
    """Tell of a flow that stayed: its ends were in one segment, or one end moved to another."""
    was = change.segments_before
    if was is None or not change.opens or change.flow.requirement == "optional":
        return None
    if was[0] != was[1] and not moved(change, at):
        return None
    clear = ", in clear text" if change.flow.encryption == "none" else ""
    before = f", no more from {' to '.join(was)}" if change.closes else ""
    return f"crosses from {' to '.join(change.segments)} now{before}{clear}"


def _for_hosts(change: FlowChange, at: Around) -> str | None:
    return _added(change, at) if change.flow.requirement != "optional" else None


def _removed(change: FlowChange, at: Around) -> str | None:
    if change.kind != "removed" or not crosses(change) or change.went.nothing:
        return None
    return f"not needed any more from {' to '.join(change.segments)}{_alone(change)}"


DIALLED = ("numbers", "to.addresses", "transport", "scope")
"""Fields that a firewall between segments compares."""


def _dialled(change: FlowChange, at: Around) -> str | None:
    fields = [field for name in DIALLED if (field := change.field(name)) is not None]
    if change.kind != "changed" or not crosses(change) or not fields:
        return None
    return ", ".join(map(says, fields))


def _raised(change: FlowChange, at: Around) -> str | None:
    return _required(change, 1) if crosses(change) else None


def _lowered(change: FlowChange, at: Around) -> str | None:
    return _required(change, -1)


def _required(change: FlowChange, way: int) -> str | None:
    field = change.field("requirement")
    if field is None:
        return None
    before, after = (STRENGTH.index(_strength(value)) for value in (field.before, field.after))
    return says(field) if (before - after) * way > 0 else None


def _strength(value: object) -> str:
    return str(value)


def _protected(change: FlowChange, at: Around) -> str | None:
    field = change.field("encryption")
    return says(field) if field is not None else None


def _words(change: FlowChange, at: Around) -> str | None:
    if change.kind != "changed" or not {field.name for field in change.fields} <= WORDS:
        return None
    return ", ".join(field.name for field in change.fields) + ": other words"


def _inside(change: FlowChange, at: Around) -> str | None:
    where = (
        "on the host itself"
        if change.flow.scope == "loopback"
        else (
            f"within {change.segments[0]}"
            if change.segments[0] == change.segments[1]
            else f"from {' to '.join(change.segments)}"
        )
    )
    if change.kind == "changed":
        return f"{', '.join(map(says, change.fields))}, {where}"
    seen = crosses(change) and not (change.opens or change.closes)
    known = ": let through for another flow" if seen else ""
    return f"{'new' if change.kind == 'added' else 'gone'}, {where}{known}"


Question = Callable[[FlowChange, Around], str | None]

KINDS: tuple[tuple[DiffRule, Question], ...] = (
    (flow_rules.NEW_CLEAR_TEXT, _new_clear_text),
    (flow_rules.ENCRYPTION_WEAKENED, _weakened),
    (flow_rules.DIRECTION_REVERSED, _reversed),
    (flow_rules.RANGE_WIDENED, _widened),
    (flow_rules.MANDATORY_FLOW_ADDED, _mandatory),
    (flow_rules.HOST_FLOW_ADDED, _for_hosts),
    (flow_rules.OPTIONAL_FLOW_ADDED, _added),
    (flow_rules.FLOW_REMOVED, _removed),
    (flow_rules.CROSSING_CHANGED, _dialled),
    (flow_rules.REQUIREMENT_RAISED, _raised),
    (flow_rules.REQUIREMENT_LOWERED, _lowered),
    (flow_rules.ENCRYPTION_CHANGED, _protected),
    (entry_rules.WORDS, _words),
    (flow_rules.INSIDE_SEGMENT, _inside),
)
"""The worst first; the last always holds. Each answers with what the message says."""


def kind_of(change: FlowChange, at: Around) -> tuple[DiffRule, str]:
    """Return the worst rule that holds, and what is to be said."""
    for rule, question in KINDS:
        said = question(change, at)
        if said is not None:
            return rule, said
    raise AssertionError("the last one always holds")


def kinds_of(change: FlowChange, at: Around) -> tuple[tuple[DiffRule, str], ...]:
    """Return the worst rule that holds; and what firewalls must follow, if that one is of others.

    Less protection is for the application team: the same change may open a crossing all the same.
    """
    worst = kind_of(change, at)
    if worst[0] is not flow_rules.ENCRYPTION_WEAKENED:
        return (worst,)
    asked = (
        (rule, said)
        for rule, question in KINDS
        if rule.acts == "network team" and (said := question(change, at)) is not None
    )
    return (worst, *list(asked)[:1])


def says(field: Field) -> str:
    """Show a field's change."""
    return f"{field.name} {shown(field.before)} → {shown(field.after)}"


def shown(value: object) -> str:
    """Show what a field has."""
    if value is None:
        return "none"
    return ", ".join(map(str, value)) or "none" if isinstance(value, tuple) else str(value)
