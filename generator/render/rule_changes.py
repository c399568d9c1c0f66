"""The example of a rule of diff on its page: an edit that is wrong, and one that is right."""

from generator.diff.review import Change
from generator.examples.changes import change, edit, review
from generator.markdown import code, items, link, text
from generator.rules.model import DiffRule


def examples(rule: DiffRule) -> list[str]:
    """Return the part of a page that shows both, and what is said of each."""
    lines = ["## Example", "", "Two edits of a made-up folder, and what is said of each.", ""]
    spoken = ("Such an edit", "No such edit") if rule.severity == "info" else ("Wrong", "Right")
    for title, name in zip(spoken, ("wrong", "right"), strict=True):
        one = change(rule.id, name)
        found = review(one)
        lines += [f"### {title}", "", "``` diff", *edit(one), "```", ""]
        lines += items(
            f"{each.severity}{_acts(each)}: {text(each.message)} ({_named(each.rule, rule)})"
            for each in found.changes
        )
        lines += items(f"waived: {text(each.message)}" for each in found.waived)
    return lines


def _acts(change: Change) -> str:
    return "" if change.acts == "nobody" else f", {change.acts}"


def _named(found: str, rule: DiffRule) -> str:
    return code(found) if found == rule.id else link(found, f"../{found}/index.md")
