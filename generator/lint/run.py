"""All rules over a site, with what is waived, and what is wrong with the waivers themselves."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from generator.catalogue import Catalogue
from generator.derive.model import Derived
from generator.lint.finders import FINDERS
from generator.lint.model import Finding
from generator.policy import SEVERITIES, Policy
from generator.problems import Place, did_you_mean, quoted
from generator.rules.every import every as every_rule
from generator.rules.every import looked_at
from generator.rules.lint import WAIVER_EXPIRED, WAIVER_UNUSED
from generator.rules.model import Rule
from generator.topology import Waiver


@dataclass(frozen=True)
class Report:
    """What is wrong with a site, and what would be but for a waiver."""

    findings: tuple[Finding, ...]
    waived: tuple[tuple[Finding, Waiver], ...]


def lint(
    catalogue: Catalogue, derived: Derived, today: str | None = None, policy: Policy | None = None
) -> Report:
    """Return the findings of a site; `today`, an ISO date, decides whether waivers have expired.

    Without it none has: pages print the day, so that a build never depends on the date. Without a
    policy every rule is as severe as it says itself.
    """
    policy = policy or Policy()
    site = derived.site
    every = [
        finding
        for rule, find in FINDERS
        for found in find(catalogue, derived, policy.limits)
        for finding in _finding(rule, policy, site.id, found)
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
    for broken, waiver, message in _waivers(site.waivers, every, today):
        found = (waiver.place, f"{waiver.rule}: {waiver.what}", message)
        findings += _finding(broken, policy, site.id, found)
    waived.sort(key=lambda pair: _order(pair[0]))
    return Report(tuple(sorted(findings, key=_order)), tuple(waived))


def _finding(
    broken: Rule, policy: Policy, site: str, found: tuple[Place, str, str]
) -> Iterator[Finding]:
    """Yield the finding with the severity that it has here; none where the rule is off."""
    place, what, message = found
    level = policy.level(broken.id, broken.severity)
    if level != "off":
        yield Finding(place, site, broken.id, level, what, " ".join(message.split()))


def _order(finding: Finding) -> tuple[int, str, str, Finding]:
    """Order by value, the worst first: where something stands in a file is no reason."""
    return SEVERITIES.index(finding.severity), finding.rule, finding.what, finding


def expired(waiver: Waiver, today: str | None) -> bool:
    """Tell whether a waiver's day has passed."""
    return today is not None and waiver.expires < today


def _waivers(
    waivers: tuple[Waiver, ...], every: list[Finding], today: str | None
) -> Iterator[tuple[Rule, Waiver, str]]:
    """Yield what is wrong with the waivers; whether one of a change covers anything, diff sees."""
    covered = {(finding.rule, finding.what) for finding in every}
    known = every_rule()
    of_changes = known.keys() - looked_at("lint", Policy()).keys()
    for waiver in waivers:
        what = f"{waiver.rule}: {waiver.what}"
        if expired(waiver, today):
            message = f"the waiver of {what} expired on {waiver.expires} ({waiver.owner})"
            yield WAIVER_EXPIRED, waiver, message
        if (waiver.rule, waiver.what) not in covered and waiver.rule not in of_changes:
            near = "" if waiver.rule in known else _near(waiver.rule, known)
            yield WAIVER_UNUSED, waiver, f"the waiver of {what} covers nothing{near}"


def _near(name: str, known: Iterable[str]) -> str:
    return f"; no rule {quoted(name)}{did_you_mean(name, known)}"
