"""Does a document have the structure of its JSON Schema? If not, say so in our own words.

The schemas in `generator/schemas/` are the one description of every data file and of every
document for programs; they are also published on the site.
"""

import json
from collections.abc import Callable, Mapping
from functools import cache
from importlib.resources import files
from typing import Any

import jsonschema_rs

from generator.problems import Problem, did_you_mean, nearest, quoted
from generator.source import Document, Path

_KINDS = {
    "object": "a mapping",
    "array": "a list",
    "string": "text",
    "integer": "a whole number",
    "boolean": "true or false",
}


def schema_names() -> tuple[str, ...]:
    """Return the names of all schemas, sorted."""
    folder = files("generator") / "schemas"
    names = (entry.name for entry in folder.iterdir())
    return tuple(sorted(name.removesuffix(".json") for name in names if name.endswith(".json")))


def schema_text(name: str) -> str:
    """Return a schema as it is published."""
    return (files("generator") / "schemas" / f"{name}.json").read_text(encoding="utf-8")


@cache
def _schema(name: str) -> Any:
    return json.loads(schema_text(name))


@cache
def _validator(name: str) -> jsonschema_rs.Draft202012Validator:
    return jsonschema_rs.Draft202012Validator(_schema(name))


def check(document: Document, name: str) -> tuple[list[Problem], frozenset[Path]]:
    """Return every place where the document departs from the schema, and the paths concerned.

    A path is cut to its first two steps (`ports`, `agent-https`): entries under no such path are
    sound and can be checked further, so that one run reports everything.
    """
    errors = [
        (tuple(error.instance_path), error, _walk(_schema(name), error.schema_path[:-1]))
        for error in _validator(name).iter_errors(document.data)
    ]
    misspelt = {
        (*path, nearest(key, schema.get("properties", {})))
        for path, error, schema in errors
        for key in _unexpected(error)
    }
    found: list[Problem] = []
    unsound: set[Path] = set()
    for path, error, schema in errors:
        unsound.add(path[:2])
        unsound.update((*path, key)[:2] for key in _unexpected(error))
        if _missing(path, error) not in misspelt:
            found += _problems(document, path, error, schema)
    return found, frozenset(unsound)


def _unexpected(error: jsonschema_rs.ValidationError) -> list[str]:
    is_this = error.kind.name == "additionalProperties"
    return error.kind.as_dict()["unexpected"] if is_this else []


def _missing(path: Path, error: jsonschema_rs.ValidationError) -> Path | None:
    is_this = error.kind.name == "required"
    return (*path, error.kind.as_dict()["property"]) if is_this else None


def _walk(schema: Any, steps: list[str | int]) -> Mapping[str, Any]:
    """Follow a schema path to its subschema; references are followed where they stand."""
    here = schema
    for step in steps:
        if step == "$ref":
            here = _target(schema, here)
            continue
        if isinstance(here, Mapping) and "$ref" in here and step not in here:
            here = _target(schema, here)
        here = here[step]
    return here if isinstance(here, Mapping) else {}


def _target(schema: Any, here: Mapping[str, Any]) -> Any:
    target = schema
    for step in here["$ref"].removeprefix("#/").split("/"):
        target = target[step]
    return target


def _problems(
    document: Document, path: Path, error: jsonschema_rs.ValidationError, schema: Mapping[str, Any]
) -> list[Problem]:
    kind = error.kind.as_dict()
    name = error.kind.name
    where = ".".join(map(str, path)) + ": " if path else ""
    if name == "required":
        return [Problem(document.place(path), f"{where}{quoted(kind['property'])} is missing")]
    if name == "additionalProperties":
        return [
            Problem(document.place((*path, key)), where + _unknown_key(key, schema))
            for key in kind["unexpected"]
        ]
    says = _SENTENCES[name]
    return [Problem(document.value_place(path), where + says(error.instance, kind, schema))]


def _unknown_key(key: str, schema: Mapping[str, Any]) -> str:
    if "x-key" in schema:
        return f"{quoted(key)} is not {schema['x-key']}"
    return f"unknown key {quoted(key)}{did_you_mean(key, schema.get('properties', {}))}"


def _kind(value: object) -> str:
    for type_, words in (
        (bool, "true or false"),
        (int, "a number"),
        (str, "text"),
        (dict, "a mapping"),
        (list, "a list"),
    ):
        if isinstance(value, type_):
            return words
    return "empty"


def _name(value: object) -> str:
    """Name a value as it stands in the file, a mapping or list by its kind."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int):
        return str(value)
    return quoted(value) if isinstance(value, str) else _kind(value)


def _type(value: Any, kind: dict[str, Any], schema: Mapping[str, Any]) -> str:
    wanted = " or ".join(_KINDS[name] for name in kind["types"])
    quotes = ": put it in quotes" if wanted == "text" and isinstance(value, int) else ""
    return f"is {_kind(value)}, must be {wanted}{quotes}"


def _enum(value: Any, kind: dict[str, Any], schema: Mapping[str, Any]) -> str:
    options = schema["enum"]
    near = did_you_mean(value, options) if isinstance(value, str) else ""
    return f"{_name(value)} is not one of {', '.join(options)}{near}"


def _pattern(value: Any, kind: dict[str, Any], schema: Mapping[str, Any]) -> str:
    return f"{quoted(value)} {schema['x-says']}"


def _keys(words: str) -> Callable[[Any, dict[str, Any], Mapping[str, Any]], str]:
    """Say how many keys there must be, or why, where the schema has a word for it."""
    return lambda value, kind, schema: str(
        schema.get("x-size", words.format(_count(kind, "key", "keys")))
    )


def _count(kind: dict[str, Any], one: str, many: str) -> str:
    return f"{kind['limit']} {one if kind['limit'] == 1 else many}"


_SENTENCES: dict[str, Callable[[Any, dict[str, Any], Mapping[str, Any]], str]] = {
    "type": _type,
    "enum": _enum,
    "pattern": _pattern,
    "const": lambda value, kind, schema: f"{_name(value)} must be {schema['const']}",
    "minimum": lambda value, kind, schema: f"{value} must be at least {kind['limit']}",
    "maximum": lambda value, kind, schema: f"{value} must be at most {kind['limit']}",
    "minItems": lambda value, kind, schema: f"needs {_count(kind, 'entry', 'entries')} or more",
    "minProperties": _keys("needs {} or more"),
    "maxProperties": _keys("takes {} at most"),
    "uniqueItems": lambda value, kind, schema: "has an entry twice",
}
