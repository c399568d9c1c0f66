"""What lint and diff have found, as every format takes it: findings with names that last."""

import os
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from generator.lint.model import Finding
from generator.lint.run import Report
from generator.topology import Waiver


@dataclass(frozen=True, slots=True)
class Reported:
    """A finding, a short fingerprint of it, and the waiver that covers it, if one does.

    The fingerprint stays when lines move or are reworded: it is of what the finding is about.
    """

    finding: Finding
    fingerprint: str
    waiver: Waiver | None = None


def of_reports(reports: Iterable[Report]) -> tuple[Reported, ...]:
    """Return the findings of lint over all sites, those that are waived last."""
    reports = list(reports)
    found: list[tuple[Finding, Waiver | None]] = [
        *((finding, None) for report in reports for finding in report.findings),
        *((finding, waiver) for report in reports for finding, waiver in report.waived),
    ]
    seen: Counter[str] = Counter()
    reported: list[Reported] = []
    for finding, waiver in found:
        name = fingerprint(finding.site, finding.rule, finding.what)
        seen[name] += 1
        own = name if seen[name] == 1 else f"{name}-{seen[name]}"
        reported.append(Reported(finding, own, waiver))
    return tuple(reported)


def fingerprint(*parts: str) -> str:
    """Return 12 hexadecimal characters that stand for some words."""
    return sha256("\0".join(parts).encode()).hexdigest()[:12]


def in_repository(file: str, root: Path | None) -> str:
    """Return a file's path from the root of its repository, with slashes, as code hosts want it.

    A file elsewhere, or of no repository, keeps the name that it has.
    """
    path = _absolute(file)
    if root is not None and path.is_relative_to(root):
        return path.relative_to(root).as_posix()
    return Path(file).as_posix()


def repository(folder: Path) -> Path | None:
    """Return the root of the git repository in which a folder lies, or None."""
    here = _absolute(folder)
    return next((one for one in (here, *here.parents) if (one / ".git").exists()), None)


def _absolute(path: str | Path) -> Path:
    """Return a path without dots; links are not followed, or it would be another file's name."""
    return Path(os.path.abspath(path))  # noqa: PTH100
