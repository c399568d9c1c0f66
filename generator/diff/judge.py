"""A difference judged: each change with its rule, level, who must act, and whether it is waived."""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from generator.diff.around import around
from generator.diff.entry_kinds import emptied
from generator.diff.fingerprint import fingerprint
from generator.diff.flows import flow_changes as every_flow
from generator.diff.idle import idle
from generator.diff.judge_entries import entry_change, plural
from generator.diff.judge_flows import flow_changes, spoken_for
from generator.diff.kinds import kind_of
from generator.diff.model import Diff, FlowChange, SiteDiff
from generator.diff.parts import Parts, find_parts
from generator.diff.review import Change, Review
from generator.lint.run import expired
from generator.policy import SEVERITIES, Policy
from generator.rules import entry_rules, flow_rules, place_rules
from generator.topology import Waiver


def judge(diff: Diff, policy: Policy | None = None, today: str | None = None) -> Review:
    """Return what a difference means; `policy` changes levels; waivers are those of after.

    `today`, an ISO date, decides whether a waiver has expired; without it none has.
    """
    policy = policy or Policy()
    every: list[tuple[Change, tuple[Waiver, ...]]] = [(change, ()) for change in _catalogue(diff)]
    for site in diff.sites:
        theirs = tuple(_site(site))
        waivers = _waivers(site)
        every += [(change, waivers) for change in (*theirs, *idle(site, waivers, theirs))]
    changes: list[Change] = []
    waived: list[Change] = []
    for change, waivers in every:
        own = change.rule == entry_rules.POLICY_LOOSENED.id
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


def _site(site: SiteDiff) -> Iterator[Change]:
    if site.kind in ("added", "removed"):
        yield _whole(site)
        yield from _in_clear_text(site)
        return
    if site.kind == "renamed":
        yield _moved(site)
    at = around(site)
    parts = find_parts(site)
    told_flows = [
        judged
        for change in site.flows
        if not change.carried and not spoken_for(change, at)
        for judged in flow_changes(change, at)
    ]
    told = {  # a flow that went is told with the one that came for it, if that is what is told
        other.id
        for change in told_flows
        if change.rule == flow_rules.DIRECTION_REVERSED.id and (other := at.turned.get(change.what))
    }
    yield from (change for change in told_flows if change.what not in told)
    made = _made(site.flows)
    for entry in site.entries:
        divided = (*parts.split.get(entry.id, ()), *parts.joined.get(entry.id, ()))
        theirs = (
            flow
            for other in site.entries
            if other.section == "hosts" and other.id in divided
            for flow in made.get(id(other), ())
            if flow.carried
        )
        flows = (*made.get(id(entry), ()), *theirs)
        judged = entry_change(entry, site, flows, parts, site.top)
        if judged is not None:
            yield judged
    for entry in emptied(site):
        judged = entry_change(entry, site, (), Parts(), site.top)
        if judged is not None:
            yield judged


def _made(flows: Iterable[FlowChange]) -> dict[int, tuple[FlowChange, ...]]:
    """Return the flows that each entry made, by the entry's identity: causes are the very same."""
    found: dict[int, list[FlowChange]] = {}
    for change in flows:
        for entry in change.causes:
            found.setdefault(id(entry), []).append(change)
    return {key: tuple(some) for key, some in found.items()}


def _in_clear_text(site: SiteDiff) -> Iterator[Change]:
    """Yield the crossings in clear text that a new site brings: that it is new excuses nothing."""
    at = around(site)
    for change in every_flow(site):
        if kind_of(change, at)[0] is flow_rules.NEW_CLEAR_TEXT:
            yield from flow_changes(change, at)


def _whole(site: SiteDiff) -> Change:
    there = site.derived_after or site.derived_before
    assert there is not None  # noqa: S101 - it is on one side
    rule = place_rules.SITE_ADDED if site.derived_after else place_rules.SITE_REMOVED
    groups = there.site.groups
    crossing = tuple(
        flow.id
        for flow in there.flows
        if flow.scope == "network"
        and groups[flow.initiator.group].segment != groups[flow.listener.group].segment
    )
    count = f"{len(crossing)} of {plural(len(there.flows), 'flow')} cross segments"
    place = (there.site.place,)
    return Change(
        rule=rule.id,
        severity=rule.severity,
        acts=rule.acts,
        site=site.id,
        what=site.id,
        message=f"site {site.id} is {'new' if site.derived_after else 'gone'}: {count}",
        fingerprint=fingerprint(
            rule, site.id, site.id, [[f.id, str(f.numbers), f.addresses] for f in there.flows]
        ),
        subject=None,
        flows=crossing,
        before=() if site.derived_after else place,
        after=place if site.derived_after else (),
        anchor=there.site.place,
    )


def _moved(site: SiteDiff) -> Change:
    before, after = site.derived_before, site.derived_after
    assert before is not None and after is not None  # noqa: S101, PT018 - it is on both
    rule = entry_rules.RENAMED
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


def _catalogue(diff: Diff) -> Iterator[Change]:
    made = _made(change for site in diff.sites for change in site.flows)
    for entry in diff.catalogue:
        change = entry_change(entry, None, made.get(id(entry), ()), Parts(), (diff.top,))
        if change is not None:
            yield change
