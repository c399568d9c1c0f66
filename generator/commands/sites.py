"""The commands that print what is derived of a site: flows, explain, export."""

import sys
from pathlib import Path
from typing import Literal

import click

from generator.commands import published
from generator.commands.errors import FAILED, WRONG, refusals
from generator.commands.output import json_text, write
from generator.commands.usage import Choice, Named
from generator.derive.explain import UnknownError, explain
from generator.derive.flows import derive
from generator.derive.model import Derived
from generator.export import ansible, flows_json, tables
from generator.export.explain_text import explain_text
from generator.load import Atlas, load
from generator.problems import did_you_mean, quoted
from generator.publish import publish

Format = Literal["text", "json", "csv"]


def derived_site(atlas: Atlas, site_id: str) -> Derived:
    """Return a site's flows, or end with the nearest name of a site."""
    for site in atlas.sites:
        if site.id == site_id:
            return derive(atlas.catalogue, site)
    ids = [site.id for site in atlas.sites]
    known = f"; there are {', '.join(ids)}" if ids else "; there are none"
    near = did_you_mean(site_id, ids) or known
    click.echo(f"no site {quoted(site_id)}{near}", err=True)
    sys.exit(WRONG)


def _flows_text(derived: Derived, form: Format, *, machines: bool) -> str:
    if form == "json":
        return json_text(flows_json.document(derived, machines=machines))
    if form == "text" and machines:
        return tables.to_text(tables.MACHINE_TEXT_COLUMNS, tables.machine_text_rows(derived))
    if form == "text":
        return tables.to_text(tables.TEXT_COLUMNS, tables.text_rows(derived))
    if machines:
        return tables.to_csv(tables.MACHINE_COLUMNS, tables.machine_rows(derived))
    return tables.to_csv(tables.COLUMNS, tables.rows(derived))


@click.command(
    epilog="Examples:\n\n\b\n  portatlas flows multi-geo\n"
    "  portatlas flows multi-geo --expand --format csv > flows.csv"
)
@click.argument("site")
@click.option("--format", "form", type=Choice(["text", "json", "csv"]), default="text")
@click.option("--expand", is_flag=True, help="Machine by machine instead of group by group.")
@click.pass_obj
def flows(data: Path, site: str, form: Format, expand: bool) -> None:
    """Print who talks to whom at SITE: every derived flow, initiator to listener."""
    with refusals():
        derived = derived_site(load(data), site)
    write(_flows_text(derived, form, machines=expand), None)


@click.command(
    "export",
    epilog="Examples:\n\n\b\n  portatlas export csv multi-geo --out flows.csv\n"
    "  portatlas export ansible multi-geo --out fleet",
)
@click.argument("form", metavar="FORMAT", type=Choice(["csv", "json", "ansible"]))
@click.argument("site")
@click.option("--out", type=Named(), help="Write it there.")
@published.of_scripts
@click.pass_obj
def export(
    data: Path, form: Literal["csv", "json", "ansible"], site: str, out: Path | None, site_url: str
) -> None:
    """Print SITE's flows as FORMAT: csv or json; or write what checks its whole fleet: ansible.

    The latter is a folder: inventory, playbook and the check script.
    """
    with refusals(writing=out is not None):
        atlas = load(data)
        derived = derived_site(atlas, site)
        if form != "ansible":
            write(_flows_text(derived, form, machines=False), out)
            return
        if out is None:
            click.echo("export ansible writes several files: say where with --out DIR", err=True)
            sys.exit(WRONG)
        files = ansible.documents(atlas.catalogue, derived, atlas.version, site_url)
        publish(out, files, maker=f"export ansible {site}")
        chosen, left_out = ansible.fleet(atlas.catalogue, derived)
    click.echo(f"{out} written: {sum(group.size for group in chosen)} hosts of {site}")
    for group, reason in sorted(left_out.items()):
        click.echo(f"left out: {group}: {reason}")
    click.echo(f"next: cd {out} && ansible-playbook playbook.yml")


@click.command("explain", epilog="Example:\n\n\b\n  portatlas explain multi-geo emea01 cd01 8443")
@click.argument("site")
@click.argument("start", metavar="FROM")
@click.argument("end", metavar="TO")
@click.argument("port")
@click.pass_obj
def explain_(data: Path, site: str, start: str, end: str, port: str) -> None:
    """Say why FROM reaches TO on PORT at SITE; or why not, and the way instead.

    FROM and TO are host groups, host names or addresses; PORT is a number or an id.
    """
    with refusals():
        atlas = load(data)
        derived = derived_site(atlas, site)
    try:
        answer = explain(atlas.catalogue, derived, start, end, port)
    except UnknownError as error:
        click.echo(str(error), err=True)
        sys.exit(WRONG)
    if not answer.flows:
        click.echo(f"no flow: {answer.reason}")
        if answer.instead:
            click.echo(f"instead: {answer.instead}")
        sys.exit(FAILED)
    click.echo(explain_text(atlas.catalogue, answer.flows), nl=False)
