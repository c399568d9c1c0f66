"""The example of a rule of diff on its page: an edit that is wrong, and one that is right."""

from collections.abc import Iterator
from difflib import unified_diff

from generator.diff.model import Change, DiffRule
from generator.examples.changes import Example, change, review
from generator.render.markdown import code, items, link, text

CONTEXT = 2
"""Lines around an edit that are shown as well."""


def examples(rule: DiffRule) -> list[str]:
    """Return the part of a page that shows both, and what is said of each."""
    lines = ["## Example", "", "Two edits of a made-up folder, and what is said of each.", ""]
    for title, name in (("Wrong", "wrong"), ("Right", "right")):
        one = change(rule.id, name)
        found = review(one)
        lines += [f"### {title}", "", "``` diff", *_edit(one), "```", ""]
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


def _edit(one: Example) -> Iterator[str]:
    """Yield the edit as git would show it."""
    moved = _moved(one)
    if moved is not None:
        yield from (f"rename from {moved[0]}", f"rename to {moved[1]}")
        return
    for path in sorted(one.before.keys() | one.after.keys()):
        old, new = one.before.get(path), one.after.get(path)
        if old != new:
            yield from unified_diff(
                (old or "").splitlines(),
                (new or "").splitlines(),
                path if old is not None else "/dev/null",
                path if new is not None else "/dev/null",
                lineterm="",
                n=CONTEXT,
            )


def _moved(one: Example) -> tuple[str, str] | None:
    gone, come = one.before.keys() - one.after.keys(), one.after.keys() - one.before.keys()
    for old in gone:
        for new in come:
            if one.before[old] == one.after[new]:
                return old, new
    return None
