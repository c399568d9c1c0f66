"""How severe a rule is at one data folder, and how much is too much. The standard library only."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from generator.problems import Place

Severity = Literal["error", "warning", "info"]
SEVERITIES: tuple[Severity, ...] = ("error", "warning", "info")
"""The worst first."""

Level = Literal["error", "warning", "info", "off"]
"""A severity, or `off`: the rule is not looked at."""


@dataclass(frozen=True, slots=True)
class Limits:
    """Where a rule begins to speak; the defaults are those of a folder that says nothing.

    `wide_range`: numbers that one listener may open at once. `coverage`: percent below which
    `portatlas coverage` fails.
    """

    wide_range: int = 100
    coverage: int = 0


@dataclass(frozen=True, slots=True)
class Policy:
    """What a data folder says about rules of lint and diff; `severities` has only what it changes.

    The default severity stands with the rule itself, so that it is written once. `places` are
    where the data changes one, of a limit by `limits.` and its name.
    """

    severities: Mapping[str, Level] = field(default_factory=dict)
    limits: Limits = field(default_factory=Limits)
    places: Mapping[str, Place] = field(default_factory=dict)

    def level(self, rule: str, default: Severity) -> Level:
        """Return what this folder makes of a rule."""
        return self.severities.get(rule, default)
