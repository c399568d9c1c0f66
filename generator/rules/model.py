"""What is said of a rule: frozen values. Each rule has a page."""

from dataclasses import dataclass
from typing import Literal

from generator.policy import Severity

Acts = Literal["network team", "application team", "nobody"]
ACTS: tuple[Acts, ...] = ("network team", "application team", "nobody")
"""Who must do something before a change works, or after it; the busiest first."""


@dataclass(frozen=True, slots=True)
class Rule:
    """A kind of finding: what it finds, why that matters, how to mend it.

    `severity` is its own; a policy may change it.
    """

    id: str
    title: str
    severity: Severity
    why: str
    fix: str


@dataclass(frozen=True, slots=True)
class DiffRule(Rule):
    """A kind of change: what it is, how bad, why, what to do, and who must act."""

    acts: Acts
