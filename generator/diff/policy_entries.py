"""What of the policy differs: a change that makes its own check milder must not go unseen."""

from collections.abc import Mapping

from generator.diff.model import EntryChange, Field
from generator.policy import SEVERITIES, Level, Policy
from generator.problems import Place
from generator.rules.every import every

LEVELS: tuple[Level, ...] = (*SEVERITIES, "off")
"""The strictest first."""


def compare_policies(before: Policy, after: Policy) -> tuple[EntryChange, ...]:
    """Return the rules and limits that are others now, a rule's own severity included."""
    if before == after:
        return ()
    old, new = _says(before), _says(after)
    return tuple(
        EntryChange(
            section="policy",
            id=name,
            kind="changed",
            was=None,
            fields=(Field("value", old[name], new[name]),),
            before=before.places.get(name),
            after=after.places.get(name),
        )
        for name in sorted(new)
        if old[name] != new[name]
    )


def _says(policy: Policy) -> Mapping[str, str | int]:
    levels = {rule.id: policy.level(rule.id, rule.severity) for rule in every().values()}
    limits = policy.limits
    return {
        **levels,
        "limits.wide_range": limits.wide_range,
        "limits.coverage": limits.coverage,
    }


def stricter(before: Policy, after: Policy) -> Policy:
    """Return the stricter severity of each rule: a change cannot switch off what it breaks.

    What is milder counts from the next change on. The limits are those of after.
    """
    severities: dict[str, Level] = {}
    places: dict[str, Place] = {name: p for name, p in after.places.items() if "." in name}
    for rule in every().values():
        sides = [(policy.level(rule.id, rule.severity), policy) for policy in (after, before)]
        level, policy = min(sides, key=lambda side: LEVELS.index(side[0]))
        if level != rule.severity:
            severities[rule.id] = level
            if rule.id in policy.places:
                places[rule.id] = policy.places[rule.id]
    return Policy(severities, after.limits, places)


def milder(entry: EntryChange) -> bool:
    """Tell whether less is reported than before, or later."""
    (field,) = entry.fields
    before, after = field.before, field.after
    if isinstance(before, int) and isinstance(after, int):
        return after < before if entry.id == "limits.coverage" else after > before
    return LEVELS.index(str(after)) > LEVELS.index(str(before))
