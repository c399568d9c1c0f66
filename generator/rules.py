"""Every rule there is, of lint and of diff: what a policy may name, and what has a page."""

from collections.abc import Iterable, Mapping
from typing import Literal, Protocol

from generator.diff.rules import RULES as DIFF_RULES
from generator.lint.rules import RULES, WAIVER_RULES
from generator.policy import Policy, Severity


class Words(Protocol):
    """What is said of a rule wherever it is named; `severity` is its own, before any policy."""

    @property
    def id(self) -> str:
        """Its name."""

    @property
    def title(self) -> str:
        """What it finds."""

    @property
    def severity(self) -> Severity:
        """How bad that is."""

    @property
    def why(self) -> str:
        """Why it matters."""

    @property
    def fix(self) -> str:
        """How to mend it."""


Command = Literal["lint", "diff"]

COMMANDS: Mapping[Command, tuple[Words, ...]] = {
    "lint": (*RULES, *WAIVER_RULES),
    "diff": DIFF_RULES,
}
"""The rules of each command that looks for something."""


def every() -> Mapping[str, Words]:
    """Return all rules by id, sorted."""
    return _by_id(rule for rules in COMMANDS.values() for rule in rules)


def command_of(rule: str) -> Command:
    """Return the command that looks for a rule."""
    return next(name for name, rules in COMMANDS.items() if rule in _by_id(rules))


def looked_at(command: Command, policy: Policy) -> Mapping[str, Words]:
    """Return the rules of a command by id, sorted, without those that the policy turns off."""
    rules = COMMANDS[command]
    return _by_id(rule for rule in rules if policy.level(rule.id, rule.severity) != "off")


def _by_id(rules: Iterable[Words]) -> Mapping[str, Words]:
    return {rule.id: rule for rule in sorted(rules, key=lambda rule: rule.id)}
