"""Findings as a document for programs: the published contract of `/schema/findings.json`."""

from collections.abc import Iterable
from typing import Any

from generator.lint.model import Finding
from generator.lint.run import Report


def document(reports: Iterable[Report]) -> dict[str, Any]:
    """Return the findings of all sites, and what is waived."""
    reports = list(reports)
    return {
        "schema": 1,
        "findings": [
            {"site": f.site, **finding(f), "column": f.place.column}
            for report in reports
            for f in report.findings
        ],
        "waived": [
            {
                "site": f.site,
                "rule": waiver.rule,
                "what": waiver.what,
                "reason": waiver.reason,
                "owner": waiver.owner,
                "expires": waiver.expires,
            }
            for report in reports
            for f, waiver in report.waived
        ],
    }


def finding(one: Finding) -> dict[str, Any]:
    """Return one finding."""
    return {
        "rule": one.rule,
        "severity": one.severity,
        "what": one.what,
        "message": one.message,
        "file": one.place.file,
        "line": one.place.line,
        "url": one.url,
    }
