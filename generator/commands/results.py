"""The command `results`: what check scripts found, into the data folder."""

import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import click

from generator.commands.errors import WRONG, counted, refusals
from generator.commands.usage import Named
from generator.derive.flows import derive
from generator.derive.forbidden import forbidden
from generator.export.observed_yaml import files
from generator.load import Atlas, load
from generator.load_observed import contents as read_all
from generator.observed import AS_DOCUMENTED, SAYS_NOTHING, newest
from generator.publish import replace
from generator.results import Known, Taken, take

CLOCKS = timedelta(hours=1)
"""How far a host's clock may be ahead of this one's."""

NAMED = 5
"""Flows that are named where results were left out; hosts, where they lack an address."""


@click.command(
    "results",
    epilog="Examples:\n\n\b\n  portatlas results results/multi-geo.json\n"
    "  portatlas results results/*.json && portatlas build",
)
@click.argument("paths", metavar="FILE...", nargs=-1, required=True, type=Named())
@click.pass_obj
def results(data: Path, paths: tuple[Path, ...]) -> None:
    """Take check results into the data: FILE is what a check script wrote with --format json.

    They are written to data/observed/SITE/, one file a host group; of each host and flow the newest
    run counts, and what is of a flow that is no more goes. What the data does not have is left out,
    and named. Wrong files are reported line by line, and nothing is taken; nor can it be where all
    is left out: the exit status is then 2.
    """
    with refusals(writing=True):
        atlas = load(data)
        contents, unreadable = read_all(paths)
        sites = _known(atlas)
        latest = f"{datetime.now(UTC) + CLOCKS:%Y-%m-%dT%H:%M:%SZ}"
        taken = take(contents, sites, latest)
        problems = [*unreadable, *taken.problems]
        if problems:
            click.echo("\n".join(problems), err=True)
            click.echo(counted(len(problems), writing=True), err=True)
            sys.exit(WRONG)
        _say_left_out(taken)
        if taken.left_out and not any(taken.observations.values()):
            click.echo("no result is of a host and a flow that the data has: none taken", err=True)
            sys.exit(WRONG)
        _say_lacking(taken)
        for site, new in sorted(taken.observations.items()):
            known = sites[site].flows
            merged = newest((*(o for o in atlas.observed.get(site, ()) if o.flow in known), *new))
            written = replace(data / "observed" / site, files(merged))
            wrong = {one.flow for one in new if one.outcome not in (*AS_DOCUMENTED, SAYS_NOTHING)}
            flows = _number(len({one.flow for one in new}), "flow")
            hosts = _number(len({one.host for one in new}), "host")
            click.echo(
                f"{data / 'observed' / site}: {flows} from {hosts} taken,"
                f" {len(wrong)} not as documented; {_number(written, 'file')} written"
            )


def _number(count: int, what: str) -> str:
    return f"{count} {what}{'s' * (count != 1)}"


def _known(atlas: Atlas) -> dict[str, Known]:
    known: dict[str, Known] = {}
    for site in atlas.sites:
        derived = derive(atlas.catalogue, site)
        ids = {flow.id for flow in derived.flows}
        ids |= {one.id for one in forbidden(atlas.catalogue, derived)}
        known[site.id] = Known(site, frozenset(ids))
    return known


def _say_left_out(taken: Taken) -> None:
    if not taken.left_out:
        return
    count = sum(taken.left_out.values())
    names = sorted(taken.left_out)
    more = f" and {len(names) - NAMED} more" if len(names) > NAMED else ""
    click.echo(
        f"{count} result{'s' if count > 1 else ''} left out, of what the data does not have:"
        f" {', '.join(names[:NAMED])}{more}",
        err=True,
    )


def _say_lacking(taken: Taken) -> None:
    said = sorted(taken.lacking)
    for line in said[:NAMED]:
        click.echo(f"documented address missing: {line}", err=True)
    if len(said) > NAMED:
        click.echo(f"documented address missing: {len(said) - NAMED} more hosts", err=True)
