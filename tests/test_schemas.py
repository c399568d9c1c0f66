"""The schemas say nothing that the validation could not say in its own words."""

import json
from collections.abc import Iterator
from typing import Any

import jsonschema_rs
import pytest

from generator.validate.structure import _SENTENCES, schema_names, schema_text

OF_DATA = ("article", "catalogue", "observed", "policy", "site")
SAID_ELSEWHERE = {"required", "additionalProperties", "patternProperties", "properties", "items"}
NO_RULE = {"$schema", "$id", "$ref", "$defs", "title", "description", "x-says", "x-key", "x-size"}


def subschemas(schema: Any, where: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield every schema within a schema, with its path."""
    if not isinstance(schema, dict):
        return
    yield where, schema
    for keyword in ("properties", "patternProperties", "$defs"):
        for name, inner in schema.get(keyword, {}).items():
            yield from subschemas(inner, f"{where}/{keyword}/{name}")
    yield from subschemas(schema.get("items"), f"{where}/items")


@pytest.mark.parametrize("name", schema_names())
def test_is_a_json_schema(name: str) -> None:
    jsonschema_rs.meta.validate(json.loads(schema_text(name)))


@pytest.mark.parametrize("name", OF_DATA)
def test_every_keyword_has_a_sentence(name: str) -> None:
    for where, schema in subschemas(json.loads(schema_text(name))):
        assert set(schema) <= set(_SENTENCES) | SAID_ELSEWHERE | NO_RULE, where


@pytest.mark.parametrize("name", OF_DATA)
def test_every_pattern_says_what_it_wants(name: str) -> None:
    for where, schema in subschemas(json.loads(schema_text(name))):
        assert ("pattern" in schema) == ("x-says" in schema), where
        assert ("patternProperties" in schema) == ("x-key" in schema), where


@pytest.mark.parametrize("name", OF_DATA)
def test_nothing_unknown_slips_in(name: str) -> None:
    for where, schema in subschemas(json.loads(schema_text(name))):
        if schema.get("type") == "object":
            assert schema["additionalProperties"] is False, where
