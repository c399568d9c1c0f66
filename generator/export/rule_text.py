"""A rule for a person at a terminal: the words of its page."""

from textwrap import fill, indent

from generator.examples.read import Example
from generator.policy import Policy
from generator.rules import Words


def rule_text(
    rule: Words, policy: Policy, wrong: Example | None = None, right: Example | None = None
) -> str:
    """Return what a rule finds, how severe that is here, why, how to mend it, and examples."""
    level = policy.level(rule.id, rule.severity)
    changed = "" if level == rule.severity else f" (changed to {level} by policy.yaml)"
    parts = [
        f"{rule.id}: {rule.title}",
        f"Severity: {rule.severity}{changed}",
        f"Why: {rule.why}",
        f"Fix: {rule.fix}",
    ]
    lines = [fill(part, 100, subsequent_indent="  ") for part in parts]
    for name, one in (("Wrong", wrong), ("Right", right)):
        if one is not None:
            lines += ["", f"{name}, at a made-up product:", "", indent(one.text.rstrip(), "  ")]
    return "\n".join([*lines, ""])
