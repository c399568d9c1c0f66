"""The entries of the catalogue as plain fields, without places."""

from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from typing import Any

from generator.catalogue import Catalogue, Initiator, Numbers
from generator.diff.entries import Entry, Sections
from generator.diff.model import Renames, Value
from generator.problems import Place

_COMPONENTS = frozenset({"listener", "component", "components", "others"})
_PORTS = frozenset({"ports", "alternative_to"})


def top(catalogue: Catalogue) -> Place:
    """Return where the catalogue begins."""
    return Place(next(port.place.file for port in catalogue.ports.values()), 1, 1)


def catalogue_sections(catalogue: Catalogue, names: Renames) -> Sections:
    """Return all entries of the catalogue, ids as they are called after."""
    start = top(catalogue)
    ids = {"ports": names.ports, "components": names.components}
    found: dict[str, dict[str, Entry]] = {
        "product": {
            "product": Entry(
                dict(_flat("", catalogue.product, names)),
                start,
                catalogue.lines.get(("product", "product"), {}),
            )
        }
    }
    for section in _SECTIONS:
        entries: Mapping[str, Any] = getattr(catalogue, section)
        known = ids.get(section, {})
        found[section] = {
            known.get(key, key): Entry(
                dict(_flat("", entry, names)),
                getattr(entry, "place", start),
                catalogue.lines.get((section, key), {}),
            )
            for key, entry in entries.items()
        }
    return found


_SECTIONS = (
    "sources", "components", "ports", "features", "conditions", "options", "constraints"
)  # fmt: skip


def _flat(name: str, value: Any, names: Renames) -> Iterator[tuple[str, Value]]:
    """Yield the fields below a value, dotted; lists in the order of their values."""
    if value is None or isinstance(value, bool | int):
        yield name, value
    elif isinstance(value, str | Numbers):
        yield name, _named(name, str(value), names)
    elif isinstance(value, tuple):
        yield from _listed(name, value, names)
    elif is_dataclass(value):
        for part in fields(value):
            if part.name not in ("id", "key", "place"):
                below = f"{name}.{part.name}" if name else part.name
                yield from _flat(below, getattr(value, part.name), names)


def _listed(name: str, values: tuple[Any, ...], names: Renames) -> Iterator[tuple[str, Value]]:
    """Yield the fields of each entry that has a name, else one field with a text each."""
    texts: list[str] = []
    for one in values:
        if isinstance(one, Initiator):
            component = names.components.get(one.component, one.component)
            when = f" when {one.condition}" if one.condition else ""
            yield from _flat(f"{name}.{component}/{one.reach}{when}", one, names)
        elif hasattr(one, "id"):
            yield from _flat(f"{name}.{one.id}", one, names)
        else:
            texts.append(_named(name, one, names) if isinstance(one, str) else _text(one))
    if texts or not values:
        yield name, tuple(sorted(texts))


def _named(name: str, value: str, names: Renames) -> str:
    last = name.rpartition(".")[2]
    if last in _COMPONENTS:
        return names.components.get(value, value)
    return names.ports.get(value, value) if last in _PORTS else value


def _text(value: Any) -> str:
    """Show a small value, as evidence or a way to change a port, on one line."""
    parts = (getattr(value, part.name) for part in fields(value))
    shown = (", ".join(sorted(part)) if isinstance(part, tuple) else part for part in parts)
    return "; ".join(str(part) for part in shown if part is not None)
