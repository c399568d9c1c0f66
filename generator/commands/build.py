"""The commands that make the site: build and serve."""

import sys
from pathlib import Path

import click

from generator.changelog import changelog, without_subjects
from generator.commands import published
from generator.commands.errors import refusals
from generator.commands.output import CACHE, progress, written
from generator.commands.usage import Named, WholeNumber
from generator.coverage import measured
from generator.drawing.draw import draw_all
from generator.load import load
from generator.public import public
from generator.publish import publish
from generator.render.site import render
from generator.serve import serve as serve_site

HISTORY = Path(".cache/changes")
"""What is known of past changes of the data, so that each is read once."""


@click.command(epilog="Example:\n\n\b\n  portatlas build && mkdocs build --strict")
@click.option(
    "--out",
    type=Named(file_okay=False),
    default=Path("docs"),
    show_default=True,
    help="The docs folder to write into.",
)
@click.option(
    "--source-url",
    metavar="URL",
    help="Where the data folder can be edited, such as a repository's address; pages link there. "
    "Without it they link to the site's own copy.",
)
@published.of_scripts
@click.option(
    "--public",
    "for_all",
    is_flag=True,
    help="Leave out host names and addresses, and the files that have them.",
)
@click.pass_obj
def build(data: Path, out: Path, source_url: str | None, site_url: str, for_all: bool) -> None:
    """Generate the docs tree. Wrong data writes nothing and is reported line by line."""
    with refusals(writing=True):
        atlas = load(data)
        log = changelog(data, HISTORY)
        site = render(
            public(atlas) if for_all else atlas,
            source_url,
            site_url,
            scripts=not for_all,
            # Measured on what is there, not on what may be seen; it has ids only.
            covered=measured(atlas.catalogue, atlas.sites) if for_all else None,
            changes=without_subjects(log) if for_all else log,
        )
        with progress("Drawing", len(site.drawings)) as tick:
            svgs = draw_all(site.drawings.values(), CACHE, tick)
        drawn = {path: svgs[drawing.id] for path, drawing in site.drawings.items()}
        done = publish(out, {**site.texts, **drawn}, maker="build")
    click.echo(written(out, done))


@click.command(epilog="Example:\n\n\b\n  portatlas serve --port 8001")
@click.option(
    "--port",
    type=WholeNumber(1, 65535),
    default=8000,
    show_default=True,
    help="The local port to serve on.",
)
@click.pass_obj
def serve(data: Path, port: int) -> None:
    """Preview the site; it follows every change of the data and of the generator."""
    sys.exit(serve_site(data, port))
