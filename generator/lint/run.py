"""All rules over a site, with what is waived, and what is wrong with the waivers themselves."""

from collections.abc import Iterator
from dataclasses import dataclass

from generator.catalogue import Catalogue
from generator.derive.model import Derived
from generator.lint.model import SEVERITIES, Finding, Rule
from generator.lint.rules import RULES, WAIVER_EXPIRED, WAIVER_UNUSED, rule
from generator.problems import did_you_mean, quoted
from generator.topology import Waiver


@dataclass(frozen=True)
class Report:
    """What is wrong with a site, and what would be but for a waiver."""

    findings: tuple[Finding, ...]
    waived: tuple[tuple[Finding, Waiver], ...]


def lint(catalogue: Catalogue, derived: Derived, today: str | None = None) -> Report:
    """Return the findings of a site; `today`, an ISO date, decides whether waivers have expired.

    Without it none has: pages print the day, so that a build never depends on the date.
    """
    site = derived.site
    every = [
        Finding(place, site.id, one.id, one.severity, what, " ".join(message.split()))
        for one in RULES
        for place, what, message in one.find(catalogue, derived)
    ]
    findings: list[Finding] = []
    waived: list[tuple[Finding, Waiver]] = []
    for finding in every:
        covers = [w for w in site.waivers if (w.rule, w.what) == (finding.rule, finding.what)]
        waiver = next((w for w in covers if not expired(w, today)), None)
        if waiver is None:
            findings.append(finding)
        else:
            waived.append((finding, waiver))
    findings += _waivers(site.id, site.waivers, every, today)
    waived.sort(key=lambda pair: _order(pair[0]))
    return Report(tuple(sorted(findings, key=_order)), tuple(waived))


def _order(finding: Finding) -> tuple[int, str, str, Finding]:
    """Order by value, the worst first: where something stands in a file is no reason."""
    return SEVERITIES.index(finding.severity), finding.rule, finding.what, finding


def expired(waiver: Waiver, today: str | None) -> bool:
    """Tell whether a waiver's day has passed."""
    return today is not None and waiver.expires < today


def _waivers(
    site: str, waivers: tuple[Waiver, ...], every: list[Finding], today: str | None
) -> Iterator[Finding]:
    covered = {(finding.rule, finding.what) for finding in every}
    for waiver in waivers:
        what = f"{waiver.rule}: {waiver.what}"
        if expired(waiver, today):
            message = f"the waiver of {what} expired on {waiver.expires} ({waiver.owner})"
            yield _finding(WAIVER_EXPIRED, site, waiver, message)
        if (waiver.rule, waiver.what) not in covered:
            near = "" if rule(waiver.rule) else _near(waiver.rule)
            message = f"the waiver of {what} covers nothing{near}"
            yield _finding(WAIVER_UNUSED, site, waiver, message)


def _finding(broken: Rule, site: str, waiver: Waiver, message: str) -> Finding:
    what = f"{waiver.rule}: {waiver.what}"
    line = " ".join(message.split())
    return Finding(waiver.place, site, broken.id, broken.severity, what, line)


def _near(name: str) -> str:
    ids = [one.id for one in RULES]
    return f"; no rule {quoted(name)}{did_you_mean(name, ids)}"
