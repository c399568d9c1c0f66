"""Waivers of changes that cover none: a list of them must not rot."""

from collections.abc import Iterable, Iterator

from generator.diff.fingerprint import fingerprint
from generator.diff.model import SiteDiff
from generator.diff.review import Change
from generator.problems import did_you_mean
from generator.rules import entry_rules
from generator.rules.diff import RULES
from generator.topology import Waiver

_RULES = frozenset(rule.id for rule in RULES) - {entry_rules.WAIVER_IDLE.id}


def idle(site: SiteDiff, waivers: Iterable[Waiver], changes: Iterable[Change]) -> Iterator[Change]:
    """Yield a change for each waiver of a kind of change of which no change of the site is.

    Of a site in which nothing differs nothing is said: a diff of anything with itself is empty.
    """
    whats: dict[str, set[str]] = {}
    for change in changes:
        whats.setdefault(change.rule, set()).add(change.what)
    rule = entry_rules.WAIVER_IDLE
    for waiver in waivers:
        there = whats.get(waiver.rule, set())
        if waiver.rule not in _RULES or waiver.what in there:
            continue
        what = f"waivers.{waiver.rule}: {waiver.what}"
        near = did_you_mean(waiver.what, sorted(there))
        yield Change(
            rule=rule.id,
            severity=rule.severity,
            acts=rule.acts,
            site=site.id,
            what=what,
            message=f"the waiver of {waiver.rule}: {waiver.what} covers nothing here{near}",
            fingerprint=fingerprint(rule, site.id, what, []),
            subject=None,
            flows=(),
            before=(),
            after=(waiver.place,),
            anchor=waiver.place,
        )
