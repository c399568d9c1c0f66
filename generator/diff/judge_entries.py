"""An entry's change judged, and what is said of it: a host group, an option, a port."""

from collections.abc import Iterable
from dataclasses import replace

from generator.diff.entry_kinds import WITHOUT, kind_of_entry
from generator.diff.fingerprint import fingerprint
from generator.diff.kinds import says, shown
from generator.diff.model import EntryChange, Field, FlowChange, SiteDiff
from generator.diff.parts import Parts
from generator.diff.review import Change
from generator.problems import Place
from generator.rules import place_rules
from generator.rules.model import DiffRule


def entry_change(
    entry: EntryChange,
    site: SiteDiff | None,
    made: tuple[FlowChange, ...],
    parts: Parts,
    top: tuple[Place, ...],
) -> Change | None:
    """Return an entry's change, or None where another one speaks for it."""
    rule = kind_of_entry(entry, site, made)
    divided = _divided(entry, parts) if entry.section == "hosts" else None
    if divided is not None:
        rule = place_rules.GROUP_SPLIT
        if entry.id not in (*parts.split, *parts.joined):
            return None
    name = site.id if site else ""
    before, after = _places(entry)
    return Change(
        rule=rule.id,
        severity=rule.severity,
        acts=rule.acts,
        site=name,
        what=entry.what,
        message=_message(entry, made, divided, rule),
        fingerprint=fingerprint(
            rule, name, entry.what, [[f.name, f.before, f.after] for f in entry.fields]
        ),
        subject=entry,
        flows=tuple(dict.fromkeys(change.id for change in made)),
        before=before,
        after=after,
        anchor=(*after, *top, *before)[0],
    )


def _places(entry: EntryChange) -> tuple[tuple[Place, ...], tuple[Place, ...]]:
    """Return the lines of the fields that differ, where they are known, else the entry's own."""
    return (
        _first_of_lines(one.was_at for one in entry.fields)
        or ((entry.before,) if entry.before else ()),
        _first_of_lines(one.at for one in entry.fields) or ((entry.after,) if entry.after else ()),
    )


def _first_of_lines(places: Iterable[Place | None]) -> tuple[Place, ...]:
    """Return the first place of each line, in the order of lines."""
    ordered = sorted((place for place in places if place is not None), reverse=True)
    return tuple(sorted({(place.file, place.line): place for place in ordered}.values()))


def _divided(entry: EntryChange, parts: Parts) -> str | None:
    """Say into what a group is split, or of what it is joined; None of one that is neither."""
    if entry.id in parts.split:
        return f"{entry.id} is split into {' and '.join(parts.split[entry.id])}"
    if entry.id in parts.joined:
        return f"{entry.id} is joined of {' and '.join(parts.joined[entry.id])}"
    return "" if entry.id in parts.before | parts.after else None


def _message(
    entry: EntryChange, made: tuple[FlowChange, ...], divided: str | None, rule: DiffRule
) -> str:
    name = entry.id if entry.section == "site" else f"{entry.section} {entry.id}"
    fields = map(_in_zone, entry.fields) if entry.section == "gateways" else entry.fields
    told = ", ".join(map(_told, fields))
    if divided:
        said = f"{divided}: the same hosts with the same flows"
    elif entry.kind == "renamed":
        said = f"{entry.section} {entry.was} is called {entry.id} now"
        said = f"{said}; {told}" if told else said
    elif entry.kind == "changed":
        said = f"{name}: {told}"
    elif entry.section == "gateways":
        said = f"{name} is {'new' if entry.kind == 'added' else 'gone'}: {_gateway(entry)}"
    else:
        added = entry.kind == "added"
        parts = [(field.name, field.after if added else field.before) for field in entry.fields]
        had = ", ".join(
            shown(value) if field in _ALONE else f"{field} {shown(value)}"
            for field, value in parts
            if value is not True and value not in (None, ())
        )
        said = f"{name} is {'new' if added else 'gone'}{f': {had}' if had else ''}"
    gates = _gates(made) if rule is place_rules.GROUP_MOVED else ""
    flows = f" ({plural(len(made), 'flow')}{gates})" if made and not divided else ""
    if rule is place_rules.GROUP_SPLIT and not divided:
        said = f"{said}; the same hosts with the same flows, in other groups"
    return " ".join(said.split()) + flows


def _gates(made: tuple[FlowChange, ...]) -> str:
    """Say how many crossings are to be opened for a move, and how many closed."""
    counts = {"open": sum(one.opens for one in made), "close": sum(one.closes for one in made)}
    told = [f"{count} to {what}" for what, count in counts.items() if count]
    return f", {' and '.join(told)}" if told else ""


def _gateway(entry: EntryChange) -> str:
    """Say what a gateway that came or went joins: in each zone a group, in a role."""
    had = {f.name: shown(f.after if entry.kind == "added" else f.before) for f in entry.fields}
    zones = [name.removesuffix(".group") for name in had if name.endswith(".group")]
    return " and ".join(
        f"{had[f'{zone}.group']} ({had[f'{zone}.role']}) in zone {zone}" for zone in zones
    )


def _in_zone(field: Field) -> Field:
    """Name a field of a gateway in words: `home.dialled.agent-https.number` is of an end."""
    zone, _, rest = field.name.partition(".")
    return replace(field, name=f"{rest.replace('.', ' ')} in zone {zone}")


_ALONE = ("value", "choice")
"""Fields of entries that have no other: their name says nothing."""


def _told(field: Field) -> str:
    if field.name.endswith(WITHOUT):
        return f"{field.name.removesuffix(WITHOUT)} does not mean {shown(field.after)} any more"
    if field.name in _ALONE:
        return f"{shown(field.before)} → {shown(field.after)}"
    return says(field)


def plural(number: int, name: str) -> str:
    """Count something in words."""
    return f"{number} {name}{'' if number == 1 else 's'}"
