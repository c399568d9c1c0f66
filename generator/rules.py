"""Every rule there is, of lint and of diff: what a policy may name, and what has a page."""

from collections.abc import Mapping

from generator.lint.model import Rule
from generator.lint.rules import RULES, WAIVER_RULES


def every() -> Mapping[str, Rule]:
    """Return all rules by id, sorted."""
    rules = (*RULES, *WAIVER_RULES)
    return {rule.id: rule for rule in sorted(rules, key=lambda rule: rule.id)}
