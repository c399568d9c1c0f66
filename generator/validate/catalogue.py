"""A catalogue document to a `Catalogue`: structure first, then values, then the rules."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any, TypeVar

from generator.catalogue import (
    Catalogue,
    Change,
    Check,
    Choice,
    Component,
    Condition,
    Constraint,
    Encryption,
    Evidence,
    Feature,
    Initiator,
    Option,
    Port,
    Product,
    Session,
    Source,
)
from generator.problems import Place, Problem
from generator.source import Document, Path
from generator.validate import catalogue_rules
from generator.validate.names import Names
from generator.validate.structure import check
from generator.validate.values import numbers

T = TypeVar("T")
Data = Mapping[str, Any]


def read(document: Document) -> tuple[Catalogue, Names, list[Problem]]:
    """Return the catalogue, complete where there are no problems, its names, and all problems.

    With problems, the catalogue has only the entries whose structure is sound: enough to check
    what else is wrong, never enough to make a site from.
    """
    problems, unsound = check(document, "catalogue")
    catalogue = _catalogue(document, unsound)
    names = Names(document, unsound)
    return catalogue, names, problems + catalogue_rules.problems(catalogue, names)


def _catalogue(document: Document, unsound: frozenset[Path]) -> Catalogue:
    data: Data = document.data if isinstance(document.data, dict) else {}

    def keyed(section: str, make: Callable[[str, Data, Place], T]) -> dict[str, T]:
        entries = data.get(section)
        if not isinstance(entries, dict):
            return {}
        return {
            key: make(key, entries[key], document.place((section, key)))
            for key in sorted(entries)
            if (section, key) not in unsound and isinstance(entries[key], dict)
        }

    return Catalogue(
        product=_product(data.get("product"), sound=not _touches(unsound, "product")),
        sources=keyed(
            "sources", lambda key, d, _: Source(key, d["title"], d.get("url"), d.get("note"))
        ),
        components=keyed("components", _component),
        ports=keyed("ports", lambda key, d, place: _port(document, key, d, place)),
        features=keyed(
            "features", lambda key, d, place: Feature(key, d["title"], d["description"], place)
        ),
        conditions=keyed("conditions", _condition),
        options=keyed("options", _option),
        constraints=keyed("constraints", _constraint),
        lines={
            ("product", "product"): dict(_lines(document, "", data.get("product"), ("product",))),
            **{
                (section, key): dict(_lines(document, "", entry, (section, key)))
                for section, entries in data.items()
                if section != "product" and isinstance(entries, dict)
                for key, entry in entries.items()
            },
        },
    )


def _lines(document: Document, name: str, value: Any, path: Path) -> Iterator[tuple[str, Place]]:
    """Yield the place of each field below a value by its dotted name; of lists, of initiators."""
    if isinstance(value, dict):
        for key, below in value.items():
            dotted = f"{name}.{key}" if name else str(key)
            yield dotted, document.place((*path, key))
            yield from _lines(document, dotted, below, (*path, key))
    elif isinstance(value, list) and name == "initiators":
        for index, item in enumerate(value):
            if isinstance(item, dict):
                when = f" when {item['condition']}" if "condition" in item else ""
                dotted = f"{name}.{item.get('component')}/{item.get('reach')}{when}"
                yield dotted, document.place((*path, index))
                yield from _lines(document, dotted, item, (*path, index))


def _touches(unsound: frozenset[Path], section: str) -> bool:
    return any(path[:1] == (section,) for path in unsound)


def _product(data: Any, *, sound: bool) -> Product:
    if not sound or not isinstance(data, dict):
        return Product("", (), "", "", ())
    return Product(
        title=data["title"],
        aliases=tuple(data.get("aliases", ())),
        description=data["description"],
        home_zone=data["home_zone"],
        not_covered=tuple(data.get("not_covered", ())),
    )


def _component(key: str, data: Data, place: Place) -> Component:
    return Component(
        id=key,
        title=data["title"],
        aliases=tuple(data.get("aliases", ())),
        kind=data["kind"],
        family=data.get("family"),
        description=data["description"],
        place=place,
    )


def _port(document: Document, key: str, data: Data, place: Place) -> Port:
    session = data.get("session")
    return Port(
        id=key,
        title=data["title"],
        numbers=numbers(data["numbers"]),
        transport=data["transport"],
        service=data["service"],
        listener=data["listener"],
        initiators=tuple(
            Initiator(
                component=item["component"],
                reach=item["reach"],
                why=item["why"],
                condition=item.get("condition"),
                requirement=item.get("requirement"),
                place=document.place(("ports", key, "initiators", index)),
            )
            for index, item in enumerate(data["initiators"])
        ),
        purpose=data["purpose"],
        encryption=Encryption(
            data["encryption"]["default"], data["encryption"].get("configurable")
        ),
        requirement=data["requirement"],
        condition=data.get("condition"),
        feature=data.get("feature"),
        scope=data["scope"],
        since=data.get("since"),
        until=data.get("until"),
        alternative_to=data.get("alternative_to"),
        change=tuple(
            Change(item["kind"], item["name"], item.get("note")) for item in data.get("change", ())
        ),
        session=Session(session.get("long_lived"), session.get("idle_timeout"))
        if session
        else None,
        notes=tuple(data.get("notes", ())),
        evidence=_evidence(data),
        place=place,
    )


def _evidence(data: Data) -> tuple[Evidence, ...]:
    return tuple(
        Evidence(item.get("about"), tuple(item.get("source", ())), item["says"], item["confidence"])
        for item in data["evidence"]
    )


def _condition(key: str, data: Data, place: Place) -> Condition:
    return Condition(
        key, data["title"], data["description"], data["component"], data["at_least"], place
    )


def _option(key: str, data: Data, place: Place) -> Option:
    choices = data["choices"]
    return Option(
        id=key,
        title=data["title"],
        choose=data["choose"],
        default=data.get("default"),
        choices=tuple(
            Choice(choice, choices[choice]["title"], tuple(choices[choice]["ports"]))
            for choice in sorted(choices)
        ),
        place=place,
    )


def _constraint(key: str, data: Data, place: Place) -> Constraint:
    rule = None
    if "check" in data:
        ((kind, about),) = data["check"].items()
        one = (about["component"],) if "component" in about else ()
        needs = (about["needs"],) if "needs" in about else ()
        rule = Check(
            kind=kind,
            components=tuple(about.get("components", one)),
            others=tuple(about.get("others", needs)),
            condition=about.get("condition"),
            zone=about.get("zone"),
            count=about.get("at_least", about.get("at_most")),
        )
    return Constraint(key, data["title"], data["why"], rule, _evidence(data), place)
