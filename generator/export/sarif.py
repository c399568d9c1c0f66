"""Findings as SARIF 2.1.0, for code scanning: the rules with their words, results, suppressions.

Plain mappings of our own: sarif-om rests since 2019, and sarif-pydantic follows a draft of the
standard, in which a suppression has no status. Tests hold every document against the public schema.
"""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import quote

from generator import __version__
from generator.export.reported import Reported, in_repository
from generator.policy import Severity
from generator.problems import Place
from generator.rules.model import Rule
from generator.topology import Waiver

SCHEMA = (
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
)
_LEVELS: Mapping[Severity, str] = {"error": "error", "warning": "warning", "info": "note"}


def document(
    command: str,
    reported: Iterable[Reported],
    words: Mapping[str, Rule],
    root: Path | None,
    site_url: str = "",
) -> dict[str, Any]:
    """Return the findings of a command, `lint` or `diff`; waived ones are suppressed.

    `words` has the rules that the command looks at; with `site_url` each links to its page.
    """
    index = {rule: position for position, rule in enumerate(words)}
    driver: dict[str, Any] = {
        "name": "portatlas",
        "semanticVersion": __version__,
        "rules": [_rule(one, site_url) for one in words.values()],
    }
    if site_url:
        driver["informationUri"] = site_url
    return {
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [
            {
                "tool": {"driver": driver},
                # One of lint and one of diff stand side by side in code scanning.
                "automationDetails": {"id": f"portatlas-{command}/"},
                "columnKind": "unicodeCodePoints",
                "results": [_result(one, index, root) for one in reported],
            }
        ],
    }


def _rule(one: Rule, site_url: str) -> dict[str, Any]:
    found: dict[str, Any] = {
        "id": one.id,
        "name": one.id.title().replace("-", ""),
        "shortDescription": {"text": one.title},
        "fullDescription": {"text": one.why},
        "help": {"text": f"{one.why}\n\n{one.fix}"},
        "defaultConfiguration": {"level": _LEVELS[one.severity]},
    }
    if site_url:
        found["helpUri"] = f"{site_url}/rules/{one.id}/"
    return found


def _result(one: Reported, index: Mapping[str, int], root: Path | None) -> dict[str, Any]:
    finding = one.finding
    return {
        "ruleId": finding.rule,
        "ruleIndex": index[finding.rule],
        "level": _LEVELS[finding.severity],
        "message": {"text": finding.message},
        "locations": [_location(finding.place, root)],
        # GitHub compares the second, by the name that it has given it.
        "partialFingerprints": {
            "portatlas/v1": one.fingerprint,
            "primaryLocationLineHash": one.fingerprint,
        },
        "suppressions": [_suppression(one.waiver, root)] if one.waiver else [],
        "properties": {"site": finding.site, "what": finding.what},
    }


def _location(place: Place, root: Path | None) -> dict[str, Any]:
    return {
        "physicalLocation": {
            "artifactLocation": {
                "uri": quote(in_repository(place.file, root)),
                "uriBaseId": "%SRCROOT%",
            },
            "region": {"startLine": place.line, "startColumn": place.column},
        }
    }


def _suppression(waiver: Waiver, root: Path | None) -> dict[str, Any]:
    return {
        "kind": "inSource",
        "status": "accepted",
        "justification": f"{waiver.reason} ({waiver.owner}, until {waiver.expires})",
        "location": _location(waiver.place, root),
    }
