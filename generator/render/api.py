"""`/api/v1/`: the same data for programs, each document valid against its published schema."""

import json
from typing import Any

from generator import __version__
from generator.article import Article
from generator.catalogue import Component, Port
from generator.load import Atlas
from generator.views import components, ports, served_by, started_by

SCHEMA = 1
"""The version of the documents' format; keys are added, never taken away."""


def documents(atlas: Atlas) -> dict[str, str]:
    """Return every document, by path."""
    catalogue = atlas.catalogue
    found: dict[str, dict[str, Any]] = {
        "version": {
            "data": atlas.version,
            "product": catalogue.product.title,
            "generator": __version__,
        },
        "ports": {"ports": [_port(port) for port in ports(catalogue)]},
        "components": {"components": [_component(atlas, c) for c in components(catalogue)]},
        "article": {"rows": [row for article in atlas.articles for row in _rows(article)]},
    }
    return {
        f"api/v1/{name}.json": as_json({"schema": SCHEMA, **document})
        for name, document in found.items()
    }


def as_json(document: dict[str, Any]) -> str:
    """Return a document as ASCII, with nothing in it that a page around it could misread."""
    text = json.dumps(document, indent=1)
    for char in "<>&":
        text = text.replace(char, f"\\u{ord(char):04x}")
    return text + "\n"


def _port(port: Port) -> dict[str, Any]:
    return {
        "id": port.id,
        "title": port.title,
        "numbers": str(port.numbers),
        "transport": port.transport,
        "service": port.service,
        "listener": port.listener,
        "initiators": [
            {
                "component": initiator.component,
                "reach": initiator.reach,
                "why": initiator.why,
                "condition": initiator.condition,
                "requirement": initiator.requirement or port.requirement,
            }
            for initiator in sorted(port.initiators, key=lambda i: (i.component, i.reach))
        ],
        "purpose": port.purpose,
        "encryption": {
            "default": port.encryption.default,
            "configurable": port.encryption.configurable,
        },
        "requirement": port.requirement,
        "condition": port.condition,
        "feature": port.feature,
        "scope": port.scope,
        "since": port.since,
        "until": port.until,
        "alternative_to": port.alternative_to,
        "change": [
            {"kind": change.kind, "name": change.name, "note": change.note}
            for change in port.change
        ],
        "evidence": [
            {
                "about": item.about,
                "source": list(item.sources),
                "says": item.says,
                "confidence": item.confidence,
            }
            for item in port.evidence
        ],
        "url": f"/ports/{port.numbers}/",
    }


def _component(atlas: Atlas, component: Component) -> dict[str, Any]:
    started = started_by(atlas.catalogue, component.id)
    return {
        "id": component.id,
        "title": component.title,
        "aliases": list(component.aliases),
        "kind": component.kind,
        "description": component.description,
        "serves": [port.id for port in served_by(atlas.catalogue, component.id)],
        "starts": list(dict.fromkeys(connection.port.id for connection in started)),
        "url": f"/components/{component.id}/",
    }


def _rows(article: Article) -> list[dict[str, Any]]:
    return [
        {
            "article": article.id,
            "table": row.table,
            "row": row.row,
            "cells": list(row.cells),
            "verdict": row.verdict,
            "ports": list(row.ports),
            "reason": row.reason,
            "source": row.source,
        }
        for row in article.rows
    ]
