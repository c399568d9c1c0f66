"""All kinds of changes, by id; each subject has its own in a module."""

from generator.rules import entry_rules, flow_rules, place_rules
from generator.rules.model import DiffRule

RULES: tuple[DiffRule, ...] = tuple(
    sorted(
        (
            value
            for subject in (flow_rules, place_rules, entry_rules)
            for value in vars(subject).values()
            if isinstance(value, DiffRule)
        ),
        key=lambda rule: rule.id,
    )
)
