"""The policy of a data folder: what it changes, and what it leaves as the rules say."""

import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from generator.derive.flows import derive
from generator.lint.run import Report, lint
from generator.load import Atlas, load
from generator.policy import Limits, Policy
from generator.rules.every import every
from generator.topology import Waiver

from .conftest import CASES, DATA
from .flows.sites import site_of

TEAPOT = CASES / "good" / "teapot"
TODAY = "2026-11-23"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(TEAPOT, tmp_path / "teapot"))


def test_a_folder_without_one_changes_nothing(folder: Path) -> None:
    policy = load(folder).policy
    assert policy == Policy()
    assert {rule.id: policy.level(rule.id, rule.severity) for rule in every().values()} == {
        rule.id: rule.severity for rule in every().values()
    }


def test_what_it_does_not_say_is_as_without_one(folder: Path) -> None:
    text = 'schema: 1\nseverities: {clear-text: error, must-not: "off"}\nlimits: {coverage: 80}\n'
    (folder / "policy.yaml").write_text(text)
    policy = load(folder).policy
    assert policy.limits == Limits(wide_range=Limits().wide_range, coverage=80)
    assert policy.level("clear-text", "warning") == "error"
    assert policy.level("must-not", "error") == "off"
    assert policy.level("beside", "warning") == "warning"


def test_the_version_is_of_the_policy_too(folder: Path) -> None:
    version = load(folder).version
    (folder / "policy.yaml").write_text("schema: 1\n")
    assert load(folder).version != version


def test_the_real_one_is_read(atlas: Atlas) -> None:
    assert "policy.yaml" in {file.path for file in atlas.files}
    assert (DATA / "policy.yaml").is_file()
    widest = max(len(port.numbers) for port in atlas.catalogue.ports.values())
    assert widest < atlas.policy.limits.wide_range < Limits().wide_range


def report(atlas: Atlas, policy: Policy, waivers: tuple[Waiver, ...] | None = None) -> Report:
    """Return what is wrong with a site that has one warning, unless it is waived."""
    site = site_of(atlas, "kubernetes")
    site = replace(site, waivers=site.waivers if waivers is None else waivers)
    return lint(atlas.catalogue, derive(atlas.catalogue, site), TODAY, policy)


def test_lint_applies_it(atlas: Atlas) -> None:
    def severities(policy: Policy) -> set[str]:
        found = report(atlas, policy, ()).findings
        return {finding.severity for finding in found if finding.rule == "beside"}

    assert severities(Policy()) == {"warning"}
    assert severities(Policy({"beside": "info"})) == {"info"}
    assert severities(Policy({"beside": "error"})) == {"error"}
    assert severities(Policy({"beside": "off"})) == set()


def test_what_is_off_needs_no_waiver(atlas: Atlas) -> None:
    found = report(atlas, Policy({"beside": "off"}))
    assert {finding.rule for finding in found.findings} == {"waiver-unused"}
    assert "beside" not in {finding.rule for finding, _ in found.waived}
