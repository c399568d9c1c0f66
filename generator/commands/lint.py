"""The command `lint`: what is wrong with the sites."""

import sys
from datetime import date
from pathlib import Path

import click

from generator.commands.errors import FAILED, WRONG, refusals
from generator.commands.output import json_text
from generator.derive.flows import derive
from generator.export import findings_json
from generator.export.findings_text import findings_text
from generator.lint.run import lint
from generator.load import load
from generator.policy import SEVERITIES, Severity
from generator.problems import quoted


@click.command(
    "lint",
    epilog="Examples:\n\n\b\n  portatlas lint\n  portatlas lint --format json --fail-on warning",
)
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text")
@click.option(
    "--fail-on",
    type=click.Choice(SEVERITIES),
    default="error",
    show_default=True,
    help="Exit with 1 for findings of this severity or worse.",
)
@click.option(
    "--today",
    default=lambda: date.today().isoformat(),
    metavar="DATE",
    help="The day by which waivers expire.  [default: today]",
)
@click.pass_obj
def lint_(data: Path, form: str, fail_on: Severity, today: str) -> None:
    """Report what is wrong with the sites: rule, place, message."""
    try:
        today = date.fromisoformat(today).isoformat()
    except ValueError:
        click.echo(f"--today: {quoted(today)} is no date such as 2026-11-23", err=True)
        sys.exit(WRONG)
    with refusals():
        atlas = load(data)
    reports = [
        lint(atlas.catalogue, derive(atlas.catalogue, site), today, atlas.policy)
        for site in atlas.sites
    ]
    text = json_text(findings_json.document(reports)) if form == "json" else findings_text(reports)
    click.echo(text, nl=False)
    limit = SEVERITIES.index(fail_on)
    bad = any(SEVERITIES.index(f.severity) <= limit for report in reports for f in report.findings)
    sys.exit(FAILED if bad else 0)
