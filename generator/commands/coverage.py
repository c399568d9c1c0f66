"""The command `coverage`: how much of the data is documented, and whether that fell."""

import sys
from pathlib import Path

import click

from generator.commands.errors import FAILED, refusals
from generator.commands.output import json_text
from generator.commands.usage import Choice, WholeNumber
from generator.coverage import Fall, below, falls, measured
from generator.export import coverage_json
from generator.export.coverage_text import coverage_text
from generator.load import load
from generator.sides import read_side


@click.command(
    "coverage",
    epilog="Examples:\n\n\b\n  portatlas coverage\n  portatlas coverage --fail-under 80\n"
    "  portatlas coverage --against origin/main --format json",
)
@click.option("--format", "form", type=Choice(["text", "json"]), default="text", show_default=True)
@click.option(
    "--fail-under",
    type=WholeNumber(0, 100),
    metavar="N",
    help="Exit with 1 if any of the four is below N percent.  "
    "[default: limits.coverage of policy.yaml, or 0]",
)
@click.option(
    "--against",
    metavar="REF",
    help="A git ref or a data folder: exit with 1 if anything is covered less than there.",
)
@click.pass_obj
def coverage_(data: Path, *, form: str, fail_under: int | None, against: str | None) -> None:
    """Say how much is evidenced, owned, addressed and checkable: in all, by site, by component."""
    with refusals():
        atlas = load(data)
        found = measured(atlas.catalogue, atlas.sites)
        fallen: tuple[Fall, ...] = ()
        if against is not None:
            before = read_side(data, against)
            fallen = falls(measured(before.catalogue, before.sites), found)
    percent = atlas.policy.limits.coverage if fail_under is None else fail_under
    low = below(found, percent)
    if form == "json":
        click.echo(
            json_text(coverage_json.document(found, low, percent, fallen, against)), nl=False
        )
    else:
        click.echo(coverage_text(found, low, percent, fallen, against), nl=False)
    sys.exit(FAILED if low or fallen else 0)
