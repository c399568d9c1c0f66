"""The examples on the pages of rules: what is called wrong is found, what is called right is not.

They are of a made-up product, and these are the sites that the pages show, read from one place.
"""

from collections.abc import Mapping
from dataclasses import replace
from importlib.resources import files

import pytest

from generator.derive.flows import derive
from generator.examples.read import DAY, Example, catalogue, example
from generator.lint.model import Finding
from generator.lint.run import lint
from generator.load import Atlas
from generator.policy import Policy
from generator.problems import Place
from generator.render.rule_pages import pages
from generator.rules.every import COMMANDS

LINT = [rule.id for rule in COMMANDS["lint"]]


def findings(one: Example | None) -> tuple[Finding, ...]:
    assert one is not None
    return lint(catalogue(), derive(catalogue(), one.site), DAY).findings


@pytest.mark.parametrize("rule", LINT)
def test_the_wrong_one_is_found(rule: str) -> None:
    assert rule in {finding.rule for finding in findings(example("lint", rule, "wrong"))}


@pytest.mark.parametrize("rule", LINT)
def test_nothing_is_wrong_with_the_right_one(rule: str) -> None:
    assert [str(finding) for finding in findings(example("lint", rule, "right"))] == []


@pytest.mark.parametrize("rule", LINT)
def test_they_differ_in_little(rule: str) -> None:
    """Or a reader would not see what matters."""
    wrong, right = (example("lint", rule, name) for name in ("wrong", "right"))
    assert wrong is not None
    assert right is not None
    assert len(set(wrong.text.splitlines()) ^ set(right.text.splitlines())) <= 10


def test_no_example_is_of_no_rule() -> None:
    folders = {folder.name for folder in (files("generator.examples") / "lint").iterdir()}
    assert folders == set(LINT)


@pytest.fixture(scope="module")
def shown_pages(atlas: Atlas) -> Mapping[str, str]:
    return pages(atlas)


@pytest.mark.parametrize("rule", LINT)
def test_the_page_shows_both_and_what_is_found(rule: str, shown_pages: Mapping[str, str]) -> None:
    page = shown_pages[f"rules/{rule}/index.md"]
    wrong, right = page.split("### Wrong")[1].split("### Right")
    for shown, name in ((wrong, "wrong"), (right, "right")):
        one = example("lint", rule, name)
        assert one is not None
        assert one.text in shown
    assert "hl_lines" in page
    assert f"(<code>{rule}</code>)" in wrong or f"(`{rule}`)" in wrong


def test_the_page_says_what_the_policy_changes(
    atlas: Atlas, shown_pages: Mapping[str, str]
) -> None:
    file = next(file.name for file in atlas.files if file.path == "policy.yaml")
    policy = Policy({"clear-text": "error"}, places={"clear-text": Place(file, 9, 3)})
    changed = pages(replace(atlas, policy=policy))
    assert (
        "severity warning, here changed to **error** by "
        "[data/policy.yaml, line 9](../../data/policy/index.md#L9)."
    ) in changed["rules/clear-text/index.md"]
    assert "| [clear-text](clear-text/index.md) | error |" in changed["rules/index.md"]
    assert "severity warning." in shown_pages["rules/clear-text/index.md"]
