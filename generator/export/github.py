"""Findings as annotations of a GitHub workflow: one command a line, each at file and line.

GitHub shows ten errors and ten warnings a step at most, so the worst come first.
"""

from collections.abc import Iterable, Mapping
from pathlib import Path

from generator.export.reported import Reported, in_repository
from generator.policy import SEVERITIES, Severity
from generator.rules.model import Rule

_COMMANDS: Mapping[Severity, str] = {"error": "error", "warning": "warning", "info": "notice"}


def annotations(
    reported: Iterable[Reported],
    words: Mapping[str, Rule],
    root: Path | None,
    site_url: str = "",
) -> str:
    """Return an annotation for each finding that is not waived, the worst first."""
    findings = [one.finding for one in reported if one.waiver is None]
    findings.sort(key=lambda finding: (SEVERITIES.index(finding.severity), finding))
    lines: list[str] = []
    for finding in findings:
        properties = {
            "file": in_repository(finding.place.file, root),
            "line": str(finding.place.line),
            "col": str(finding.place.column),
            "title": f"{words[finding.rule].title} ({finding.rule})",
        }
        listed = ",".join(f"{key}={_property(value)}" for key, value in properties.items())
        more = f" {site_url}{finding.url}" if site_url else ""
        command = _COMMANDS[finding.severity]
        lines.append(f"::{command} {listed}::{_data(f'{finding.message}{more}')}\n")
    return "".join(lines)


def _data(value: str) -> str:
    """Escape a message: a percent sign, and what would end the line."""
    return value.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(value: str) -> str:
    """Escape a property's value: also what would end it."""
    return _data(value).replace(":", "%3A").replace(",", "%2C")
