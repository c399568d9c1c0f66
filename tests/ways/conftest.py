"""What the tests of the site's editions share."""

import subprocess
import sys
from pathlib import Path

from tests.site.workspace import environment


def run(folder: Path, *command: str) -> subprocess.CompletedProcess[str]:
    """Run a Python module in a folder."""
    return subprocess.run(
        [sys.executable, "-m", *command],
        cwd=folder,
        env=environment(),
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def kinds(site: Path) -> list[str]:
    """Return the address of the largest page of each kind: a kind is a folder and a depth.

    Not the largest of data/: that is thousands of lines, all alike.
    """
    largest: dict[tuple[str, int], Path] = {}
    for page in sorted(site.rglob("index.html")):
        if page.is_relative_to(site / "data" / "ports"):
            continue
        parts = page.relative_to(site).parts
        key = (parts[0], len(parts))
        if key not in largest or page.stat().st_size > largest[key].stat().st_size:
            largest[key] = page
    return sorted(f"/{page.parent.relative_to(site).as_posix()}/" for page in largest.values())
