"""The rules of a catalogue that its structure alone cannot say.

Each rule is a function that takes what is known and yields problems. Names count as known when
the document has them, even where their own entry is unsound: one mistake, one line.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import combinations
from typing import Any

from generator.catalogue import Catalogue, Evidence, Port
from generator.problems import Problem, did_you_mean, quoted
from generator.releases import release_key
from generator.source import Path
from generator.validate.names import Names

_ONE_HOST = "reach host and scope loopback go together: one host, over loopback"


@dataclass(frozen=True)
class _Data:
    catalogue: Catalogue
    names: Names

    def problem(self, path: Path, message: str) -> Problem:
        """Report at the value of a path."""
        place = self.names.document.value_place(path)
        return Problem(place, f"{'.'.join(map(str, path))}: {message}")

    def unknown(self, path: Path, name: str | None, section: str) -> Iterator[Problem]:
        """Report a name that stands for nothing, with the nearest one that does."""
        message = None if name is None else self.names.missing(section, name)
        if message is not None:
            yield self.problem(path, message)

    def raw(self, path: Path) -> Any:
        """Return what the document has at a path."""
        value = self.names.document.data
        for step in path:
            value = value[step]
        return value


def problems(catalogue: Catalogue, names: Names) -> list[Problem]:
    """Return everything that breaks a rule."""
    data = _Data(catalogue, names)
    return [problem for rule in _RULES for problem in rule(data)]


def _names_of_ports(data: _Data) -> Iterator[Problem]:
    for port in data.catalogue.ports.values():
        at: Path = ("ports", port.id)
        yield from data.unknown((*at, "listener"), port.listener, "components")
        yield from data.unknown((*at, "condition"), port.condition, "conditions")
        yield from data.unknown((*at, "feature"), port.feature, "features")
        yield from data.unknown((*at, "alternative_to"), port.alternative_to, "ports")
        for index, initiator in enumerate(port.initiators):
            here: Path = (*at, "initiators", index)
            yield from data.unknown((*here, "component"), initiator.component, "components")
            yield from data.unknown((*here, "condition"), initiator.condition, "conditions")


def _names_of_rules(data: _Data) -> Iterator[Problem]:
    for condition in data.catalogue.conditions.values():
        at: Path = ("conditions", condition.id, "component")
        yield from data.unknown(at, condition.component, "components")
    for constraint in data.catalogue.constraints.values():
        if constraint.check is None:
            continue
        at = ("constraints", constraint.id, "check", constraint.check.kind)
        about: dict[str, Any] = data.raw(at)
        for key in ("component", "needs"):
            yield from data.unknown((*at, key), about.get(key), "components")
        for key in ("components", "others"):
            for index, name in enumerate(about.get(key, ())):
                yield from data.unknown((*at, key, index), name, "components")
        yield from data.unknown((*at, "condition"), about.get("condition"), "conditions")


def _ranges(data: _Data) -> Iterator[Problem]:
    for port in data.catalogue.ports.values():
        at: Path = ("ports", port.id, "numbers")
        if port.numbers.last > 65535:
            yield data.problem(at, f"{port.numbers.last} must be at most 65535")
        elif isinstance(data.raw(at), str) and port.numbers.first >= port.numbers.last:
            yield data.problem(at, f"{quoted(data.raw(at))} must rise from its first to its last")


def _ends(data: _Data) -> Iterator[Problem]:
    """A listener is no person; gateways join a component to itself; loopback is one host."""
    components = data.catalogue.components
    for port in data.catalogue.ports.values():
        at: Path = ("ports", port.id)
        if port.listener in components and components[port.listener].kind == "person":
            yield data.problem(
                (*at, "listener"), f"{quoted(port.listener)} is a person, and listens on nothing"
            )
        odd = [i for i in port.initiators if (i.reach == "host") != (port.scope == "loopback")]
        if len(odd) > 1 and len(odd) == len(port.initiators):  # then the scope itself is wrong
            yield data.problem((*at, "scope"), _ONE_HOST)
            odd = []
        for index, initiator in enumerate(port.initiators):
            here: Path = (*at, "initiators", index, "reach")
            if initiator in odd:
                yield data.problem(here, _ONE_HOST)
            if initiator.reach == "gateway" and initiator.component != port.listener:
                yield data.problem(
                    here, f"reach gateway joins {quoted(port.listener)} to itself, not to another"
                )


def _twins(data: _Data) -> Iterator[Problem]:
    """No initiator twice; no two ports of one listener on one number at one time."""
    for port in data.catalogue.ports.values():
        seen: set[tuple[str, str]] = set()
        for index, initiator in enumerate(port.initiators):
            key = (initiator.component, initiator.reach)
            if key in seen:
                yield data.problem(
                    ("ports", port.id, "initiators", index),
                    f"{initiator.component} with reach {initiator.reach} stands twice",
                )
            seen.add(key)
    for one, other in combinations(data.catalogue.ports.values(), 2):
        if one.listener != other.listener or not _same_time(one, other):
            continue
        if one.transport == other.transport and one.numbers.overlaps(other.numbers):
            yield data.problem(
                ("ports", other.id, "numbers"),
                f"{quoted(one.id)} is {one.numbers}/{one.transport} of {one.listener} already",
            )
        if one.title.casefold() == other.title.casefold():
            yield data.problem(
                ("ports", other.id, "title"),
                f"{quoted(other.title)} is the title of {quoted(one.id)} already",
            )
    titles: dict[str, str] = {}
    for component in data.catalogue.components.values():
        first = titles.setdefault(component.title.casefold(), component.id)
        if first != component.id:
            yield data.problem(
                ("components", component.id, "title"),
                f"{quoted(component.title)} is the title of {quoted(first)} already",
            )


def _same_time(one: Port, other: Port) -> bool:
    def before(until: str | None, since: str | None) -> bool:
        return bool(until and since and release_key(until) <= release_key(since))

    return not before(one.until, other.since) and not before(other.until, one.since)


def _releases(data: _Data) -> Iterator[Problem]:
    for port in data.catalogue.ports.values():
        if port.since and port.until and release_key(port.since) >= release_key(port.until):
            yield data.problem(
                ("ports", port.id, "until"), f"{port.until} is not after since {port.since}"
            )
        if port.alternative_to == port.id:
            yield data.problem(
                ("ports", port.id, "alternative_to"), "a port is no alternative to itself"
            )


def _options(data: _Data) -> Iterator[Problem]:
    owner: dict[str, str] = {}
    for option in data.catalogue.options.values():
        at: Path = ("options", option.id)
        ids = [choice.id for choice in option.choices]
        if option.default is not None and option.default not in ids:
            near = did_you_mean(option.default, ids)
            yield data.problem((*at, "default"), f"no choice {quoted(option.default)}{near}")
        for choice in option.choices:
            for index, port in enumerate(choice.ports):
                here: Path = (*at, "choices", choice.id, "ports", index)
                yield from data.unknown(here, port, "ports")
                name = f"{option.id}.{choice.id}"
                if owner.setdefault(port, name) != name:
                    yield data.problem(here, f"{quoted(port)} is in {owner[port]} already")


def _evidence(data: _Data) -> Iterator[Problem]:
    for port in data.catalogue.ports.values():
        at: Path = ("ports", port.id, "evidence")
        if not any(item.about == "numbers" for item in port.evidence):
            yield data.problem(at, "nothing says where its numbers come from (about: numbers)")
        yield from _sources(data, at, port.evidence)
    for constraint in data.catalogue.constraints.values():
        yield from _sources(data, ("constraints", constraint.id, "evidence"), constraint.evidence)


def _sources(data: _Data, at: Path, evidence: Iterable[Evidence]) -> Iterator[Problem]:
    for index, item in enumerate(evidence):
        for number, source in enumerate(item.sources):
            yield from data.unknown((*at, index, "source", number), source, "sources")
        if not item.sources and item.confidence in ("confirmed", "community", "article-only"):
            yield data.problem((*at, index), f"is {item.confidence}, but by no source")


_RULES: tuple[Callable[[_Data], Iterator[Problem]], ...] = (
    _names_of_ports,
    _names_of_rules,
    _ranges,
    _ends,
    _twins,
    _releases,
    _options,
    _evidence,
)
