"""What lint found."""

from collections.abc import Iterator
from dataclasses import dataclass

from generator.policy import Severity
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
