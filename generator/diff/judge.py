"""A difference judged: each change with its rule, level, who must act, and whether it is waived."""

import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import replace

from generator.diff import rules
from generator.diff.entry_kinds import kind_of_entry
from generator.diff.kinds import Around, around, kind_of, says, shown
from generator.diff.model import (
    Change,
    Diff,
    DiffRule,
    EntryChange,
    Field,
    FlowChange,
    Review,
    SiteDiff,
)
from generator.diff.parts import Parts, carried, find_parts
from generator.lint.run import expired
from generator.policy import SEVERITIES, Policy
from generator.problems import Place
from generator.topology import Waiver


def judge(diff: Diff, policy: Policy | None = None, today: str | None = None) -> Review:
    """Return what a difference means; `policy` may change levels, waivers are those of after.

    `today`, an ISO date, decides whether a waiver has expired; without it none has.
    """
    policy = policy or Policy()
    every = [(change, _waivers(site)) for site in diff.sites for change in _site(site)] + [
        (change, ()) for change in _catalogue(diff)
    ]
    changes: list[Change] = []
    waived: list[Change] = []
    for change, waivers in every:
        own = change.rule == rules.POLICY_LOOSENED.id
        level = change.severity if own else policy.level(change.rule, change.severity)
        if level == "off":
            continue
        covering = next((w for w in waivers if _covers(w, change) and not expired(w, today)), None)
        judged = replace(change, severity=level, waiver=covering)
        (changes if covering is None else waived).append(judged)
    return Review(diff, tuple(sorted(changes, key=_order)), tuple(sorted(waived, key=_order)))


def _waivers(site: SiteDiff) -> tuple[Waiver, ...]:
    return site.derived_after.site.waivers if site.derived_after else ()


def _covers(waiver: Waiver, change: Change) -> bool:
    return (waiver.rule, waiver.what) == (change.rule, change.what)


def _order(change: Change) -> tuple[int, str, str, str, str]:
    """Order by value, the worst first."""
    level = SEVERITIES.index(change.severity)
    return level, change.site, change.rule, change.what, change.fingerprint


# ---- a site ---------------------------------------------------------------------------------


def _site(site: SiteDiff) -> Iterator[Change]:
    if site.kind in ("added", "removed"):
        yield _whole(site)
        return
    if site.kind == "renamed":
        yield _moved(site)
    at = around(site)
    parts = find_parts(site)
    quiet = carried(site, parts) | {change.id for change in at.turned.values()}
    for change in site.flows:
        if change.id not in quiet and not _spoken_for(change, at):
            yield _flow(change, at)
    made = _made(site.flows)
    for entry in site.entries:
        judged = _entry(entry, site, made.get(id(entry), ()), parts, _top(site))
        if judged is not None:
            yield judged


def _made(flows: Iterable[FlowChange]) -> dict[int, tuple[FlowChange, ...]]:
    """Return the flows that each entry made, by the entry's identity: causes are the very same."""
    found: dict[int, list[FlowChange]] = {}
    for change in flows:
        for entry in change.causes:
            found.setdefault(id(entry), []).append(change)
    return {key: tuple(some) for key, some in found.items()}


def _whole(site: SiteDiff) -> Change:
    there = site.derived_after or site.derived_before
    assert there is not None  # noqa: S101 - it is on one side
    rule = rules.SITE_ADDED if site.derived_after else rules.SITE_REMOVED
    groups = there.site.groups
    crossing = tuple(
        flow.id
        for flow in there.flows
        if flow.scope == "network"
        and groups[flow.initiator.group].segment != groups[flow.listener.group].segment
    )
    count = f"{len(crossing)} of {_count(len(there.flows), 'flow')} cross segments"
    place = (there.site.place,)
    return Change(
        rule=rule.id,
        severity=rule.severity,
        acts=rule.acts,
        site=site.id,
        what=site.id,
        message=f"site {site.id} is {'new' if site.derived_after else 'gone'}: {count}",
        fingerprint=fingerprint(rule, site.id, site.id, ()),
        subject=None,
        flows=crossing,
        before=() if site.derived_after else place,
        after=place if site.derived_after else (),
        anchor=there.site.place,
    )


def _moved(site: SiteDiff) -> Change:
    before, after = site.derived_before, site.derived_after
    assert before is not None and after is not None  # noqa: S101, PT018 - it is on both
    rule = rules.RENAMED
    return Change(
        rule=rule.id,
        severity=rule.severity,
        acts=rule.acts,
        site=site.id,
        what=site.id,
        message=f"site {site.was} is called {site.id} now",
        fingerprint=fingerprint(rule, site.id, site.id, site.was),
        subject=None,
        flows=(),
        before=(before.site.place,),
        after=(after.site.place,),
        anchor=after.site.place,
    )


# ---- a flow ---------------------------------------------------------------------------------


def _spoken_for(change: FlowChange, at: Around) -> bool:
    """Tell whether a flow changed in nothing but what an entry's own change says already."""
    if change.kind != "changed" or kind_of(change, at)[0] is rules.NEW_CLEAR_TEXT:
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


def _flow(change: FlowChange, at: Around) -> Change:
    rule, said = kind_of(change, at)
    flow = change.flow
    ids: tuple[str, ...] = (change.id,)
    before, after = _places(change)
    other = at.turned.get(change.id) if rule is rules.DIRECTION_REVERSED else None
    if other is not None:
        ids = (*ids, other.id)
        before = (*before, *_places(other)[0])
    facts: object = [[f.name, f.before, f.after] for f in change.fields]
    if change.kind != "changed":
        facts = [change.kind, str(flow.numbers), flow.encryption, change.segments]
    acts = rule.acts
    if rule is rules.INSIDE_SEGMENT and flow.scope == "loopback":
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
        anchor=(*after, *_top(at.site), *before)[0],
    )


def _top(site: SiteDiff) -> tuple[Place, ...]:
    """Return where the site begins after, if it is there."""
    return (site.derived_after.site.place,) if site.derived_after else ()


def _places(change: FlowChange) -> tuple[tuple[Place, ...], tuple[Place, ...]]:
    """Return the data lines behind a change on each side: what made it, else what made the flow."""
    causes = change.causes
    before = [entry.before for entry in causes if entry.before is not None]
    after = [entry.after for entry in causes if entry.after is not None]
    if not before and change.before is not None:
        before = [place for reason in change.before.reasons for place in reason.places]
    if not after and change.after is not None:
        after = [place for reason in change.after.reasons for place in reason.places]
    return tuple(dict.fromkeys(before)), tuple(dict.fromkeys(after))


# ---- an entry -------------------------------------------------------------------------------


def _catalogue(diff: Diff) -> Iterator[Change]:
    made = _made(change for site in diff.sites for change in site.flows)
    for entry in diff.catalogue:
        change = _entry(entry, None, made.get(id(entry), ()), Parts(), (diff.top,))
        if change is not None:
            yield change


def _entry(
    entry: EntryChange,
    site: SiteDiff | None,
    made: tuple[FlowChange, ...],
    parts: Parts,
    top: tuple[Place, ...],
) -> Change | None:
    """Return an entry's change, or None where another one speaks for it."""
    rule = kind_of_entry(entry, site, made)
    divided = _divided(entry, parts) if entry.section == "hosts" else None
    if divided is not None:
        rule = rules.GROUP_SPLIT
        if entry.id not in (*parts.split, *parts.joined):
            return None
    name = site.id if site else ""
    return Change(
        rule=rule.id,
        severity=rule.severity,
        acts=rule.acts,
        site=name,
        what=entry.what,
        message=_message(entry, made, divided),
        fingerprint=fingerprint(
            rule, name, entry.what, [[f.name, f.before, f.after] for f in entry.fields]
        ),
        subject=entry,
        flows=tuple(dict.fromkeys(change.id for change in made)),
        before=(entry.before,) if entry.before else (),
        after=(entry.after,) if entry.after else (),
        anchor=next(place for place in (entry.after, *top, entry.before) if place),
    )


def _divided(entry: EntryChange, parts: Parts) -> str | None:
    """Say into what a group is split, or of what it is joined; None of one that is neither."""
    if entry.id in parts.split:
        return f"{entry.id} is split into {' and '.join(parts.split[entry.id])}"
    if entry.id in parts.joined:
        return f"{entry.id} is joined of {' and '.join(parts.joined[entry.id])}"
    return "" if entry.id in parts.before | parts.after else None


def _message(entry: EntryChange, made: tuple[FlowChange, ...], divided: str | None) -> str:
    name = entry.id if entry.section == "site" else f"{entry.section} {entry.id}"
    told = ", ".join(map(_told, entry.fields))
    if divided:
        said = f"{divided}: the same hosts with the same flows"
    elif entry.kind == "renamed":
        said = f"{entry.section} {entry.was} is called {entry.id} now"
        said = f"{said}; {told}" if told else said
    elif entry.kind == "changed":
        said = f"{name}: {told}"
    else:
        added = entry.kind == "added"
        parts = [(field.name, field.after if added else field.before) for field in entry.fields]
        had = ", ".join(
            shown(value) if field in _ALONE else f"{field} {shown(value)}"
            for field, value in parts
            if value is not True and value not in (None, ())
        )
        said = f"{name} is {'new' if added else 'gone'}{f': {had}' if had else ''}"
    flows = f" ({_count(len(made), 'flow')})" if made and not divided else ""
    return " ".join(said.split()) + flows


_ALONE = ("value", "choice")
"""Fields of entries that have no other: their name says nothing."""


def _told(field: Field) -> str:
    if field.name in _ALONE:
        return f"{shown(field.before)} → {shown(field.after)}"
    return says(field)


def _count(number: int, name: str) -> str:
    return f"{number} {name}{'' if number == 1 else 's'}"


def fingerprint(rule: DiffRule, site: str, what: str, values: object) -> str:
    """Return 12 hexadecimal digits of what a change is, whatever stands around it."""
    text = json.dumps([rule.id, site, what, values], ensure_ascii=False, default=str)
    return hashlib.sha256(text.encode()).hexdigest()[:12]
