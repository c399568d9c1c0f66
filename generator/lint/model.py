"""A finding, a rule, and what a rule gets to see."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from generator.catalogue import Catalogue
from generator.derive.model import Derived
from generator.policy import Limits, Severity
from generator.problems import Place


@dataclass(frozen=True, order=True, slots=True)
class Finding:
    """One thing that breaks a rule at a site; `what` names it, and is what a waiver refers to."""

    place: Place
    site: str
    rule: str
    severity: Severity
    what: str
    message: str

    @property
    def url(self) -> str:
        """Where the rule is explained, from the site's root."""
        return f"/rules/{self.rule}/"


Found = Iterator[tuple[Place, str, str]]
"""Place, what, and message of each finding of a rule."""


@dataclass(frozen=True, slots=True)
class Rule:
    """A kind of rule: what it finds, why that matters, how to mend it. Each has a page.

    `severity` is its own; a policy may change it.
    """

    id: str
    title: str
    severity: Severity
    why: str
    fix: str
    find: Callable[[Catalogue, Derived, Limits], Found]
