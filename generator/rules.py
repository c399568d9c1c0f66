"""Every rule there is, of lint and of diff: what a policy may name, and what has a page."""

from collections.abc import Mapping

from generator.diff.model import DiffRule
from generator.diff.rules import RULES as DIFF_RULES
from generator.lint.model import Rule
from generator.lint.rules import RULES, WAIVER_RULES


def every() -> Mapping[str, Rule | DiffRule]:
    """Return all rules by id, sorted."""
    rules: tuple[Rule | DiffRule, ...] = (*RULES, *WAIVER_RULES, *DIFF_RULES)
    return {rule.id: rule for rule in sorted(rules, key=lambda rule: rule.id)}
