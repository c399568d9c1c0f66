"""The command line: parse, call, print. What a command does is elsewhere."""

from pathlib import Path

import click

from generator import __version__
from generator.commands import (
    build,
    checker,
    coverage,
    diff,
    lint,
    new,
    results,
    sites,
    textconv,
    upgrade,
)
from generator.commands.usage import Choice, Commands, Named
from generator.validate.structure import schema_names, schema_text


@click.group(
    cls=Commands,
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog="Examples:\n\n\b\n  portatlas build\n"
    "  portatlas --data other/data build --out other/docs\n"
    "  portatlas flows multi-geo\n"
    "  portatlas explain multi-geo emea01 cd01 8443\n"
    "  portatlas lint\n"
    "  portatlas diff main",
)
@click.option(
    "--data",
    type=Named(file_okay=False),
    default=Path("data"),
    show_default=True,
    help="The data folder.",
)
@click.version_option(__version__, prog_name="portatlas")
@click.pass_context
def main(context: click.Context, data: Path) -> None:
    """Make port documentation from a catalogue: diagrams, tables, a searchable site."""
    context.obj = data


@main.command(
    epilog="Example:\n\n\b\n  portatlas schema catalogue\n\n"
    f"NAME is one of {', '.join(schema_names())}."
)
@click.argument("name", metavar="NAME", type=Choice(schema_names()))
def schema(name: str) -> None:
    """Print a JSON Schema: of a data file, or of a document for programs."""
    click.echo(schema_text(name), nl=False)


for command in (
    build.build,
    build.serve,
    sites.flows,
    sites.explain_,
    sites.export,
    lint.lint_,
    upgrade.upgrade_,
    coverage.coverage_,
    diff.diff,
    new.new,
    checker.checker,
    textconv.textconv,
    results.results,
):
    main.add_command(command)
