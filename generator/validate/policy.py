"""The policy document to a `Policy`: structure, then that every rule it names exists."""

from collections.abc import Iterable

from generator.policy import Limits, Policy
from generator.problems import Problem
from generator.source import Document
from generator.validate.context import Context
from generator.validate.structure import check


def read(document: Document, rules: Iterable[str]) -> tuple[Policy, list[Problem]]:
    """Return the policy and all problems of its document; `rules` are the ids there are."""
    problems, unsound = check(document, "policy")
    context = Context(document, unsound)
    severities = context.section("severities")
    for rule in severities:
        problems += context.unknown(("severities", rule), rule, rules, "rule")
    if problems:
        return Policy(), problems
    limits = context.section("limits")
    places = {rule: document.place(("severities", rule)) for rule in severities}
    places |= {f"limits.{name}": document.place(("limits", name)) for name in limits}
    return Policy(severities, Limits(**limits), places), []
