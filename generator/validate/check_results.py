"""The JSON of check scripts: read, and held against its schema; every value is checked."""

import json
import re
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

import jsonschema_rs

from generator.problems import quoted, shown
from generator.validate.observed import is_time
from generator.validate.structure import schema_text

MOST_ERRORS = 5
"""Departures from the schema that are told of one document."""

_DIALLED = re.compile(r"[A-Za-z0-9:][A-Za-z0-9._:%-]*")


def documents(content: bytes) -> Iterator[tuple[Any, str | None]]:
    """Yield each JSON document of a file, or what is wrong with the file."""
    try:
        # Windows PowerShell 5.1 writes UTF-16 where its output goes to a file.
        wide = content.startswith((b"\xff\xfe", b"\xfe\xff"))
        text = content.decode("utf-16" if wide else "utf-8-sig").strip()
    except UnicodeDecodeError:
        yield None, "is not UTF-8 text"
        return
    decoder = json.JSONDecoder()
    at = 0
    if not text:
        yield None, "is empty"
    while at < len(text):
        try:
            document, at = decoder.raw_decode(text, at)
        except ValueError as error:
            where = getattr(error, "pos", at)
            line = text.count("\n", 0, where) + 1
            yield None, f"is not JSON at line {line}; give what a check wrote with --format json"
            return
        except RecursionError:
            yield None, "is no check result: nested too deep"
            return
        yield document, None
        while at < len(text) and text[at].isspace():
            at += 1


def unsound(document: Any) -> list[str]:
    """Say where a document departs from the schema; what follows may rely on the schema."""
    if not isinstance(document, dict) or document.get("kind") != "check-results":
        return ["is no check result; give what a check wrote with --format json"]
    try:
        sound = _schema().is_valid(document)
        errors = [] if sound else list(_schema().iter_errors(document))
    except ValueError as error:  # nested too deep
        return [f"is no check result: {shown(error)}"]
    told = [
        f"{'.'.join(map(str, error.instance_path)) or 'the document'}: {_line(error.message)}"
        for error in errors[:MOST_ERRORS]
    ]
    more = len(errors) - MOST_ERRORS
    return [*told, f"and {more} more of this kind"] if more > 0 else told


def odd(document: Mapping[str, Any], latest: str | None) -> list[str]:
    """Report values that no run can have: its time, and what was dialled.

    A run that started after `latest` is refused: no later run could ever take its place.
    """
    started = document["started"]
    found = []
    if not is_time(started):
        found.append(f"started: {quoted(started)} is no time")
    elif latest is not None and started > latest:
        found.append(f"started: {quoted(started)} is in the future: that host's clock is wrong")
    dialled = {one["address"] or one["to"] for one in document["results"]}
    return found + [
        f"dialled {quoted(one)}: is neither a name nor an address"
        for one in sorted(dialled)
        if not _DIALLED.fullmatch(one)
    ]


@cache
def _schema() -> jsonschema_rs.Validator:
    return jsonschema_rs.validator_for(json.loads(schema_text("check-results")))


def _line(message: str) -> str:
    text = " ".join("".join(c if c.isprintable() else " " for c in message).split())
    return text if len(text) <= 160 else f"{text[:157]}..."
