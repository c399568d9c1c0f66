"""Findings as JUnit XML: a test case for each rule at each site.

So a rule keeps its name from run to run, and a CI server tells what is newly broken, and what is
mended, instead of listing findings that come and go. What is under the limit passes, and says so in
its output: JUnit has no warnings, and its counts are to agree with the exit status. Elements of the
standard library are all it takes; the public schema is held against every report in the tests.
"""

from collections.abc import Iterable, Mapping
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from generator.export.reported import Reported
from generator.policy import SEVERITIES, Severity
from generator.rules.model import Rule


def document(
    command: str,
    reported: Iterable[Reported],
    words: Mapping[str, Rule],
    sites: Iterable[str],
    fail_on: Severity,
) -> str:
    """Return a suite a site with a case a rule of `words`; `command` is `lint` or `diff`.

    A case fails for a finding of `fail_on` or worse, and is skipped if all it found is waived.
    """
    found: dict[tuple[str, str], list[Reported]] = {}
    for one in reported:
        found.setdefault((one.finding.site, one.finding.rule), []).append(one)
    root = Element("testsuites", name=f"portatlas {command}")
    for site in sorted({*sites, *(site for site, _ in found)}):
        name = _xml(site or "catalogue")
        suite = SubElement(root, "testsuite", name=name)
        for rule in words.values():
            classname = f"portatlas.{command}.{name}"
            case = SubElement(suite, "testcase", classname=classname, name=rule.id, time="0")
            _outcome(case, rule, found.get((site, rule.id), []), SEVERITIES.index(fail_on))
        _count(suite)
    indent(root)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + tostring(root, encoding="unicode") + "\n"


def _outcome(case: Element, rule: Rule, found: list[Reported], limit: int) -> None:
    open_ones = [one.finding for one in found if one.waiver is None]
    bad = [finding for finding in open_ones if SEVERITIES.index(finding.severity) <= limit]
    waivers = [f"{one.finding.what}: {w.reason} ({w.owner}, until {w.expires})"
               for one in found if (w := one.waiver)]  # fmt: skip
    lines = [f"{f.place}: {f.severity}: {f.message}" for f in open_ones]
    if bad:
        message = f"{rule.title}. {rule.fix}"
        failure = SubElement(case, "failure", type=bad[0].severity, message=_xml(message))
        failure.text = _xml("\n".join(lines))
    elif waivers and not open_ones:
        SubElement(case, "skipped", message=_xml(f"waived: {'; '.join(waivers)}"))
    elif lines:
        SubElement(case, "system-out").text = _xml("\n".join(lines))


def _count(suite: Element) -> None:
    for name, value in (
        ("tests", len(suite)),
        ("failures", len(suite.findall("testcase/failure"))),
        ("errors", 0),
        ("skipped", len(suite.findall("testcase/skipped"))),
    ):
        suite.set(name, str(value))


def _xml(text: str) -> str:
    """Return a text that may stand in XML 1.0; other characters are shown as codes."""
    return "".join(c if _allowed(ord(c)) else f"\\u{ord(c):04x}" for c in text)


def _allowed(code: int) -> bool:
    inside = 0x20 <= code <= 0xD7FF or 0xE000 <= code <= 0xFFFD or code >= 0x10000
    return inside or code in (0x9, 0xA, 0xD)
