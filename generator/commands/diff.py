"""The command `diff`: what a change opens and closes, and who must act."""

import os
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Literal, get_args

import click

from generator.commands import published
from generator.commands.errors import FAILED, refusals
from generator.commands.options import fail_on, fails, today
from generator.commands.output import CACHE, json_items, json_text, progress, written
from generator.commands.usage import Choice, Named
from generator.diff.compare import Catalogues, compare
from generator.diff.judge import judge
from generator.diff.policy_entries import stricter
from generator.diff.review import Review
from generator.drawing.draw import draw_all
from generator.export import diff_json, github, junit, sarif
from generator.export.diff_folder import PAGE, folder, pictures
from generator.export.diff_markdown import markdown
from generator.export.diff_reported import of_review
from generator.export.diff_text import diff_text
from generator.export.git_host import code
from generator.export.reported import repository
from generator.policy import Severity
from generator.publish import publish
from generator.rules.every import looked_at
from generator.sides import Sides, read_sides

Format = Literal["text", "json", "markdown", "html", "github", "sarif", "junit"]


@click.command(
    "diff",
    epilog="Examples:\n\n\b\n  portatlas diff main\n  portatlas diff HEAD~1 HEAD --format json\n"
    "  portatlas diff v1:data other/data --fail-on warning\n"
    "  portatlas diff origin/main --format markdown > comment.md\n"
    "  portatlas diff origin/main --out review",
)
@click.argument("base")
@click.argument("head", required=False)
@click.option(
    "--format",
    "form",
    type=Choice(get_args(Format)),
    default="text",
    show_default=True,
    help="Lines; a document; a pull request's comment; a page; a workflow's annotations; "
    "code scanning; a test report.",
)
@click.option(
    "--out",
    type=Named(file_okay=False),
    metavar="DIR",
    help="Write the page, the comment and a diagram of each changed site there, too.",
)
@fail_on("none")
@today
@published.of_findings
@click.pass_obj
def diff(
    data: Path,
    *,
    base: str,
    head: str | None,
    form: Format,
    out: Path | None,
    fail_on: Severity | Literal["none"],
    today: str,
    site_url: str,
) -> None:
    """Say what a change does to the network: what opens, what closes, and who must act.

    BASE and HEAD are git refs, refs with a folder (REF:PATH), or data folders; HEAD is by default
    the data folder as it stands. Exits with 1 for changes of --fail-on or worse.
    """
    with refusals(writing=out is not None):
        sides = _read(data, base, head)
        policy = stricter(sides.before.policy, sides.after.policy)
        review = judge(compare(sides.before, sides.after), policy, today)
        files: Mapping[str, str] = {}
        if out is not None or form == "html":
            files = _files(sides, review, site_url, every=out is not None)
        if out is not None:
            done = publish(out, files, maker="diff")
            click.echo(written(out, done), err=True)
    reported = of_review(review, sides.called, data)
    words = looked_at("diff", policy)
    match form:
        case "text":
            colour = sys.stdout.isatty() and not os.environ.get("NO_COLOR")
            text = diff_text(review, colour=colour)
        case "json":
            text = json_items(diff_json.document(review))
        case "markdown":
            text = markdown(review, _catalogues(sides), site_url=site_url)
        case "html":
            text = files[PAGE]
        case "github":
            text = github.annotations(reported, words, repository(data), site_url)
        case "sarif":
            text = json_text(sarif.document("diff", reported, words, repository(data), site_url))
        case "junit":
            sites = [site.id for site in sides.after.sites]
            limit = "error" if fail_on == "none" else fail_on
            text = junit.document("diff", reported, words, sites, limit)
    click.echo(text, nl=False, color=True)
    severities = (change.severity for change in review.changes)
    sys.exit(FAILED if fail_on != "none" and fails(severities, fail_on) else 0)


def _read(data: Path, base: str, head: str | None) -> Sides:
    sides = read_sides(data, base, head)
    if sides.nothing is not None:
        click.echo(f"{sides.nothing}: all sites are new", err=True)
    return sides


def _catalogues(sides: Sides) -> Catalogues:
    return Catalogues(sides.before.catalogue, sides.after.catalogue)


def _files(sides: Sides, review: Review, site_url: str, *, every: bool) -> Mapping[str, str]:
    """Draw what differs, and return the files of the folder by path."""
    drawn_ones = pictures(review, _catalogues(sides), every=every)
    drawings = [one.drawing for one in drawn_ones]
    with progress("Drawing", len(drawings)) as tick:
        drawn = draw_all(drawings, CACHE, tick)
    command = code(f"portatlas diff {sides.before.name}")
    return folder(
        review, _catalogues(sides), drawn_ones, drawn, site_url=site_url, elsewhere=command
    )
