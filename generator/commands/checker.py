"""The command `checker`: a site's check script."""

from pathlib import Path

import click

from generator.checker.script import BASH, POWERSHELL, script
from generator.commands import published
from generator.commands.errors import refusals
from generator.commands.output import write
from generator.commands.sites import derived_site
from generator.commands.usage import Choice, Named
from generator.load import load

_SHELLS = {"bash": BASH, "powershell": POWERSHELL}


@click.command(
    "checker",
    epilog="Examples:\n\n\b\n"
    "  portatlas checker multi-geo --out check.sh && bash check.sh\n"
    "  portatlas checker multi-geo --shell powershell --out check.ps1\n\n"
    "On Windows: powershell -ExecutionPolicy Bypass -File check.ps1",
)
@click.argument("site")
@click.option(
    "--shell",
    type=Choice(list(_SHELLS)),
    default="bash",
    show_default=True,
    help="What the script is to run in.",
)
@published.of_scripts
@click.option("--out", type=Named(dir_okay=False), help="Write it there.")
@click.pass_obj
def checker(data: Path, site: str, shell: str, site_url: str, out: Path | None) -> None:
    """Print SITE's check script: run on a host, it tries the flows that this host starts."""
    with refusals(writing=out is not None):
        atlas = load(data)
    derived = derived_site(atlas, site)
    write(script(atlas.catalogue, derived, atlas.version, site_url, how=_SHELLS[shell]), out)
