"""The command `lint`: what is wrong with the sites, and what a rule means."""

import sys
from pathlib import Path

import click

from generator.commands import published
from generator.commands.errors import FAILED, WRONG, refusals
from generator.commands.options import fail_on, fails, today
from generator.commands.output import json_text
from generator.commands.usage import Choice
from generator.derive.flows import derive
from generator.export import findings_json, github, junit, sarif
from generator.export.findings_text import findings_text
from generator.export.reported import of_reports, repository
from generator.export.rule_text import rule_text
from generator.lint.run import lint
from generator.load import load
from generator.policy import Policy, Severity
from generator.problems import did_you_mean, quoted
from generator.rules.every import every, looked_at


@click.command(
    "lint",
    epilog="Examples:\n\n\b\n  portatlas lint\n  portatlas lint --format json --fail-on warning\n"
    "  portatlas lint --format sarif --site-url https://ports.example.com > lint.sarif\n"
    "  portatlas lint --explain clear-text",
)
@click.option(
    "--format",
    "form",
    type=Choice(["text", "json", "github", "sarif", "junit"]),
    default="text",
    show_default=True,
    help="Lines; a document; a workflow's annotations; code scanning; a test report.",
)
@fail_on()
@today
@published.of_findings
@click.option("--explain", metavar="RULE", help="Say what a rule means, and how to mend it.")
@click.pass_obj
def lint_(
    data: Path,
    *,
    form: str,
    fail_on: Severity,
    today: str,
    site_url: str,
    explain: str | None,
) -> None:
    """Report what is wrong with the sites: rule, place, message.

    data/policy.yaml says what is stricter or milder than the rules say themselves.
    """
    if explain is not None:
        _explain(data, explain)
        return
    with refusals():
        atlas = load(data)
    reports = [
        lint(atlas.catalogue, derive(atlas.catalogue, site), today, atlas.policy)
        for site in atlas.sites
    ]
    words = looked_at("lint", atlas.policy)
    reported = of_reports(reports)
    root = repository(data)
    match form:
        case "text":
            text = findings_text(reports)
        case "json":
            text = json_text(findings_json.document(reports))
        case "github":
            text = github.annotations(reported, words, root, site_url)
        case "sarif":
            text = json_text(sarif.document("lint", reported, words, root, site_url))
        case _:
            sites = [site.id for site in atlas.sites]
            text = junit.document("lint", reported, words, sites, fail_on)
    click.echo(text, nl=False)
    severities = (finding.severity for report in reports for finding in report.findings)
    sys.exit(FAILED if fails(severities, fail_on) else 0)


def _explain(data: Path, name: str) -> None:
    """Print what is said of a rule; it can be read where there is no data, too."""
    rules = every()
    if name not in rules:
        click.echo(f"no rule {quoted(name)}{did_you_mean(name, rules)}", err=True)
        sys.exit(WRONG)
    policy = Policy()
    if data.exists():
        with refusals():
            policy = load(data).policy
    click.echo(rule_text(rules[name], policy), nl=False)
