"""The entries of the data as plain fields, and what differs between two sets of them."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from generator.diff.model import EntryChange, Field, Renames, Value
from generator.problems import Place

NO_RENAMES = Renames()


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry: what it says, and where; `lines` are those of its fields, where known."""

    says: Mapping[str, Value]
    place: Place
    lines: Mapping[str, Place] = field(default_factory=dict)

    def line(self, name: str) -> Place | None:
        """Return where a field stands, or what it is in; None where it does not say it."""
        while name and name not in self.lines:
            name = name.rpartition(".")[0]
        return self.lines.get(name)


Sections = Mapping[str, Mapping[str, Entry]]
"""Entries by section and id."""


def compare_sections(
    before: Sections, after: Sections, renamed: Mapping[str, Mapping[str, str]]
) -> tuple[EntryChange, ...]:
    """Return the entries that came, went, changed or were renamed, by section and id.

    `before` has the names of after already; `renamed` are ids from before to after, by section.
    """
    found: list[EntryChange] = []
    for section in sorted(before.keys() | after.keys()):
        old, new = before.get(section, {}), after.get(section, {})
        was = {head: base for base, head in renamed.get(section, {}).items()}
        for key in sorted(old.keys() | new.keys()):
            change = _entry(section, key, old.get(key), new.get(key), was.get(key))
            if change is not None:
                found.append(change)
    return tuple(found)


def _entry(
    section: str, key: str, old: Entry | None, new: Entry | None, was: str | None
) -> EntryChange | None:
    changed = differing(old.says if old else {}, new.says if new else {})
    if old is not None and new is not None:
        changed = tuple(
            replace(
                one,
                was_at=old.line(one.name) if one.name in old.says else None,
                at=new.line(one.name) if one.name in new.says else None,
            )
            for one in changed
        )
    if old is not None and new is not None and not changed and was is None:
        return None
    return EntryChange(
        section=section,
        id=key,
        kind="added"
        if old is None
        else "removed"
        if new is None
        else "renamed"
        if was is not None
        else "changed",
        was=was,
        fields=changed,
        before=old.place if old else None,
        after=new.place if new else None,
    )


def differing(before: Mapping[str, Value], after: Mapping[str, Value]) -> tuple[Field, ...]:
    """Return the fields that differ, by name; an absent one is None."""
    return tuple(
        Field(name, before.get(name), after.get(name))
        for name in sorted(before.keys() | after.keys())
        if before.get(name) != after.get(name)
    )
