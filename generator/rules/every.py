"""Every rule there is, of lint and of diff: what a policy may name, and what has a page."""

from collections.abc import Iterable, Mapping
from typing import Literal

from generator.policy import Policy
from generator.rules.diff import RULES as DIFF_RULES
from generator.rules.lint import RULES, WAIVER_RULES
from generator.rules.model import Rule

Command = Literal["lint", "diff"]

COMMANDS: Mapping[Command, tuple[Rule, ...]] = {
    "lint": (*RULES, *WAIVER_RULES),
    "diff": DIFF_RULES,
}
"""The rules of each command that looks for something."""


def every() -> Mapping[str, Rule]:
    """Return all rules by id, sorted."""
    return _by_id(rule for rules in COMMANDS.values() for rule in rules)


def command_of(rule: str) -> Command:
    """Return the command that looks for a rule."""
    return next(name for name, rules in COMMANDS.items() if rule in _by_id(rules))


def looked_at(command: Command, policy: Policy) -> Mapping[str, Rule]:
    """Return the rules of a command by id, sorted, without those that the policy turns off."""
    rules = COMMANDS[command]
    return _by_id(rule for rule in rules if policy.level(rule.id, rule.severity) != "off")


def _by_id(rules: Iterable[Rule]) -> Mapping[str, Rule]:
    return {rule.id: rule for rule in sorted(rules, key=lambda rule: rule.id)}
