"""Every rule, with a site that breaks it and one like it that does not; and the four real sites.

`tests/cases/lint/<rule>/` has `wrong.yaml`, `right.yaml`, both against the real catalogue, and the
findings of the wrong one in `expected.txt`: place, severity, what it is about, message.
"""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from generator.catalogue import Catalogue
from generator.derive.flows import derive
from generator.lint.model import Finding
from generator.lint.run import Report, lint
from generator.load import Atlas
from generator.policy import Limits, Policy
from generator.rules.lint import RULES, WAIVER_RULES
from generator.source import parse
from generator.validate import site as validate_site

from ..conftest import CASES
from .sites import site_of

TODAY = "2026-11-23"
NARROW = Policy(limits=Limits(wide_range=3))
"""The widest range of the product is too wide here: no site can make it wider."""
EVERY = tuple(sorted(rule.id for rule in (*RULES, *WAIVER_RULES)))
FOLDERS = sorted((CASES / "lint").iterdir())


def report(path: Path, catalogue: Catalogue) -> Report:
    document, problems = parse(path.read_bytes(), path.name)
    assert document is not None, problems
    site, found = validate_site.read(document, path.stem, catalogue)
    assert site is not None, found
    return lint(catalogue, derive(catalogue, site), TODAY, NARROW)


def rule_of(folder: Path) -> str:
    """Return the rule that a folder is about: `option-choice-twice` is one more of its kind."""
    return max((rule for rule in EVERY if folder.name.startswith(rule)), key=len)


def line(finding: Finding) -> str:
    return f"{finding.place}: {finding.severity}: {finding.what}: {finding.message}\n"


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_finds_what_is_wrong(
    folder: Path, atlas: Atlas, expect: Callable[[Path, str], None]
) -> None:
    findings = report(folder / "wrong.yaml", atlas.catalogue).findings
    own = [finding for finding in findings if finding.rule == rule_of(folder)]
    assert own
    expect(folder / "expected.txt", "".join(map(line, own)))


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_finds_nothing_in_what_is_right(folder: Path, atlas: Atlas) -> None:
    findings = report(folder / "right.yaml", atlas.catalogue).findings
    assert [line(finding) for finding in findings if finding.rule == rule_of(folder)] == []


def test_every_rule_has_a_case() -> None:
    assert {rule_of(folder) for folder in FOLDERS} == set(EVERY)


def test_a_rule_is_named_once() -> None:
    assert len(set(EVERY)) == len(EVERY)


def test_every_kind_of_constraint_is_checked_by_a_rule_or_by_the_reader(atlas: Atlas) -> None:
    """A kind without a rule of its name is one that another rule, or the reader, sees to."""
    kinds = {c.check.kind for c in atlas.catalogue.constraints.values() if c.check}
    assert {kind for kind in kinds if kind.replace("_", "-") not in EVERY} == {
        "one_zone",  # a host that is no person's is in one zone: the reader says so
        "distinct_numbers",  # port-conflict
    }


# ---- the four sites -------------------------------------------------------------------------

WAIVED = {
    "single-server": set(),
    "clustered": set(),
    "multi-geo": set(),
    "kubernetes": {
        ("beside", "flow-repository.repository-server"),
        ("beside", "flow-web.web-server"),
        ("needed-when", "file-server"),
    },
}


@pytest.mark.parametrize("name", WAIVED)
def test_the_documented_sites_are_quiet(atlas: Atlas, name: str) -> None:
    found = lint(
        atlas.catalogue, derive(atlas.catalogue, site_of(atlas, name)), TODAY, atlas.policy
    )
    assert list(map(line, found.findings)) == []
    assert {(finding.rule, finding.what) for finding, _ in found.waived} == WAIVED[name]


def test_those_are_all_sites(atlas: Atlas) -> None:
    assert {site.id for site in atlas.sites} == set(WAIVED)


# ---- waivers --------------------------------------------------------------------------------


def test_an_expired_waiver_gives_its_finding_back(atlas: Atlas) -> None:
    found = report(CASES / "lint" / "waiver-expired" / "wrong.yaml", atlas.catalogue)
    assert {(f.rule, f.severity) for f in found.findings} == {
        ("beside", "warning"),
        ("waiver-expired", "error"),
    }
    assert found.waived == ()


def test_a_waiver_holds_through_its_last_day(atlas: Atlas) -> None:
    found = report(CASES / "lint" / "waiver-expired" / "right.yaml", atlas.catalogue)
    assert found.findings == ()
    ((finding, waiver),) = found.waived
    assert (finding.rule, waiver.owner, waiver.expires) == ("beside", "web team", TODAY)


def test_pages_do_not_depend_on_the_day(atlas: Atlas) -> None:
    site = site_of(atlas, "kubernetes")
    old = replace(site, waivers=tuple(replace(w, expires="2001-01-01") for w in site.waivers))
    derived = derive(atlas.catalogue, old)
    assert lint(atlas.catalogue, derived).findings == ()
    assert len(lint(atlas.catalogue, derived, TODAY).findings) == 2 * len(site.waivers)


def test_the_worst_come_first(atlas: Atlas) -> None:
    found = report(CASES / "lint" / "not-when" / "wrong.yaml", atlas.catalogue).findings
    severities = [finding.severity for finding in found]
    assert severities == sorted(severities)  # error, warning
    assert len(set(severities)) == 2
