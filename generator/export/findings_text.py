"""Findings as lines for a person: place, severity, message, rule."""

from collections.abc import Sequence

from generator.lint.run import Report


def findings_text(reports: Sequence[Report]) -> str:
    """Return a line a finding, by place, and a last line that counts."""
    findings = sorted(finding for report in reports for finding in report.findings)
    lines = [f"{f.place}: {f.severity}: {f.message} [{f.rule}]" for f in findings]
    waived = sum(len(report.waived) for report in reports)
    counts = [(len(reports), "site"), (len(findings), "finding")]
    sites, found = (f"{count} {name}{'' if count == 1 else 's'}" for count, name in counts)
    return "\n".join([*lines, f"{sites}: {found}, {waived} waived", ""])
