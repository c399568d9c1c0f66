"""A rule for a person at a terminal: the words of its page."""

from textwrap import fill

from generator.policy import Policy
from generator.rules import Words


def rule_text(rule: Words, policy: Policy) -> str:
    """Return what a rule finds, how severe that is here, why, and how to mend it."""
    level = policy.level(rule.id, rule.severity)
    changed = "" if level == rule.severity else f" (changed to {level} by policy.yaml)"
    parts = [
        f"{rule.id}: {rule.title}",
        f"Severity: {rule.severity}{changed}",
        f"Why: {rule.why}",
        f"Fix: {rule.fix}",
    ]
    return "".join(f"{fill(part, 100, subsequent_indent='  ')}\n" for part in parts)
