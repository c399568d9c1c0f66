"""A rule for a person at a terminal: the words and the examples of its page."""

from textwrap import fill, indent

from generator.examples.changes import change, edit
from generator.examples.read import example
from generator.policy import Policy
from generator.rules.every import command_of
from generator.rules.model import DiffRule, Rule


def rule_text(rule: Rule, policy: Policy) -> str:
    """Return what a rule finds, how severe that is here, why, how to mend it, and examples."""
    level = policy.level(rule.id, rule.severity)
    changed = "" if level == rule.severity else f" (changed to {level} by policy.yaml)"
    parts = [
        f"{rule.id}: {rule.title}",
        f"Severity: {rule.severity}{changed}",
        *([f"Must act: {rule.acts}"] if isinstance(rule, DiffRule) else []),
        f"Why: {rule.why}",
        f"Fix: {rule.fix}",
    ]
    lines = [fill(part, 100, subsequent_indent="  ") for part in parts]
    for name in ("wrong", "right"):
        lines += ["", f"{name.capitalize()}, at a made-up product:", ""]
        lines.append(indent(_example(rule, name), "  ", lambda line: bool(line.strip())))
    return "\n".join([*lines, ""])


def _example(rule: Rule, name: str) -> str:
    """Return an example as it is written: a site, or an edit of one."""
    if isinstance(rule, DiffRule):
        return "\n".join(edit(change(rule.id, name)))
    found = example(command_of(rule.id), rule.id, name)
    return found.text.rstrip() if found is not None else ""
