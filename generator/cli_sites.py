"""The commands about sites: flows, explain, lint, export, new."""

import json
import sys
from datetime import date
from pathlib import Path
from typing import Literal

import click

from generator.cli_errors import FAILED, WRONG, refusals
from generator.derive.explain import UnknownError, explain
from generator.derive.flows import derive
from generator.derive.model import Derived
from generator.export import findings_json, flows_json, new_site, tables
from generator.lint.model import SEVERITIES, Finding, Severity
from generator.lint.run import Report, lint
from generator.load import Atlas, load
from generator.problems import did_you_mean, quoted
from generator.validate.site import wrong_id

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


def write(text: str, out: Path | None) -> None:
    """Print a text, or write it to a file; end with one line if that cannot be."""
    if out is None:
        click.echo(text, nl=False)
        return
    try:
        out.write_text(text, encoding="utf-8")
    except OSError as error:
        click.echo(f"{out}: {error.strerror}", err=True)
        sys.exit(WRONG)


def _json(document: object) -> str:
    return json.dumps(document, indent=1) + "\n"


def _flows_text(derived: Derived, form: Format, *, machines: bool) -> str:
    if form == "json":
        return _json(flows_json.document(derived, machines=machines))
    columns = tables.MACHINE_COLUMNS if machines else tables.COLUMNS
    rows = tables.machine_rows(derived) if machines else tables.rows(derived)
    if form == "csv":
        return tables.to_csv(columns, rows)
    shown = columns if machines else tables.TEXT_COLUMNS
    picked = [columns.index(name) for name in shown]
    return tables.to_text(shown, ([row[index] for index in picked] for row in rows))


@click.command(
    epilog="Examples:\n\n\b\n  portatlas flows multi-geo\n"
    "  portatlas flows multi-geo --expand --format csv > flows.csv"
)
@click.argument("site")
@click.option("--format", "form", type=click.Choice(["text", "json", "csv"]), default="text")
@click.option("--expand", is_flag=True, help="Machine by machine instead of group by group.")
@click.pass_obj
def flows(data: Path, site: str, form: Format, expand: bool) -> None:
    """Print who talks to whom at SITE: every derived flow, initiator to listener."""
    with refusals():
        derived = derived_site(load(data), site)
    write(_flows_text(derived, form, machines=expand), None)


@click.command("export", epilog="Example:\n\n\b\n  portatlas export csv multi-geo --out flows.csv")
@click.argument("form", metavar="FORMAT", type=click.Choice(["csv", "json"]))
@click.argument("site")
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="Write it there.")
@click.pass_obj
def export(data: Path, form: Format, site: str, out: Path | None) -> None:
    """Print SITE's flows as FORMAT: csv or json."""
    with refusals():
        derived = derived_site(load(data), site)
    write(_flows_text(derived, form, machines=False), out)


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
    for flow in answer.flows:
        real = flow.listens
        click.echo(f"{flow.id}")
        dialled = ", ".join(flow.addresses) or flow.listener.group
        click.echo(f"  dials     {dialled}:{flow.numbers}")
        if real is not None:
            behind = ", ".join(real.addresses) or ", ".join(end.group for end in real.ends)
            click.echo(f"  listens   {behind}:{real.numbers}")
        entry = atlas.catalogue.ports[flow.port.id].place
        places = {place for reason in flow.reasons for place in reason.places}
        own = [i.condition for i in flow.port.initiators if i.place in places]
        named = {name for name in (flow.port.condition, flow.port.feature, *own) if name}
        condition = ", ".join(sorted(named)) or "none"
        click.echo(f"  entry     {flow.port.title}, {flow.requirement} ({entry})")
        click.echo(f"  condition {condition}")
        for reason in flow.reasons:
            click.echo(f"  because   {reason.why}: {reason.rule}")
            click.echo(f"            {', '.join(dict.fromkeys(map(str, reason.places)))}")


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
    reports = [lint(atlas.catalogue, derive(atlas.catalogue, s), today) for s in atlas.sites]
    if form == "json":
        click.echo(_json(findings_json.document(reports)), nl=False)
    else:
        _report(reports)
    limit = SEVERITIES.index(fail_on)
    bad = any(SEVERITIES.index(f.severity) <= limit for report in reports for f in report.findings)
    sys.exit(FAILED if bad else 0)


def _report(reports: list[Report]) -> None:
    findings: list[Finding] = [finding for report in reports for finding in report.findings]
    for finding in sorted(findings):
        click.echo(f"{finding.place}: {finding.severity}: {finding.message} [{finding.rule}]")
    waived = sum(len(report.waived) for report in reports)
    counts = [(len(reports), "site"), (len(findings), "finding")]
    sites, found = (f"{count} {name}{'' if count == 1 else 's'}" for count, name in counts)
    click.echo(f"{sites}: {found}, {waived} waived")


@click.group("new", epilog="Example:\n\n\b\n  portatlas new site paris")
def new() -> None:
    """Write a first file to fill in."""


@new.command("site", epilog="Example:\n\n\b\n  portatlas new site paris")
@click.argument("site_id", metavar="ID")
@click.pass_obj
def new_site_(data: Path, site_id: str) -> None:
    """Write data/sites/ID.yaml: a first topology to fill in."""
    fault = wrong_id(site_id)
    if fault is not None:
        click.echo(fault, err=True)
        sys.exit(WRONG)
    with refusals():
        atlas = load(data)
    path = data / "sites" / f"{site_id}.yaml"
    text = new_site.text(atlas.catalogue, site_id)
    if text is None:
        click.echo(
            f"{data}: no component that a host could run; a site has nothing to hold", err=True
        )
        sys.exit(WRONG)
    try:
        path.parent.mkdir(exist_ok=True)
        with path.open("x", encoding="utf-8") as file:
            file.write(text)
    except FileExistsError:
        click.echo(f"{path}: is there already; nothing was written", err=True)
        sys.exit(WRONG)
    except OSError as error:
        click.echo(f"{path}: {error.strerror}", err=True)
        sys.exit(WRONG)
    click.echo(f"{path} written; fill it in, then: portatlas flows {site_id}")


COMMANDS = (flows, explain_, lint_, export, new)
