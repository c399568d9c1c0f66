"""The public schemas of SARIF and JUnit: what we write must pass them."""

import json
from functools import cache
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import Element, fromstring

import jsonschema_rs
import xmlschema

VENDOR = Path(__file__).parents[1] / "vendor"


@cache
def _sarif() -> jsonschema_rs.Draft4Validator:
    text = (VENDOR / "sarif" / "sarif-2.1.0-rtm.5.json").read_text("utf-8")
    # Its pattern of a language has a bracket too many, which a strict reader of patterns refuses.
    schema = json.loads(text.replace("{2}]?$", "{2}$"))
    return jsonschema_rs.Draft4Validator(schema, validate_formats=True)


@cache
def _junit() -> xmlschema.XMLSchema:
    return xmlschema.XMLSchema(VENDOR / "junit" / "junit-10.xsd")


def sarif(text: str) -> Any:
    """Return the one SARIF document that a text is, after the public schema has passed it."""
    found = json.loads(text)
    _sarif().validate(found)
    return found


def junit(text: str) -> Element:
    """Return the one JUnit report that a text is, after the public schema has passed it."""
    _junit().validate(text)
    return fromstring(text)
