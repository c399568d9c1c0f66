"""The data that the tests know: the real catalogue with the four example sites, and no other.

Whoever uses this repository adds sites to `data/sites`, and what they saw to `data/observed`: no
test may depend on what is there. So the tests take the data from here, never from `data/`.
"""

import shutil
from pathlib import Path
from tempfile import TemporaryDirectory

ROOT = Path(__file__).resolve().parent.parent
REAL = ROOT / "data"
"""For the one test that the data as they are can be loaded."""
SITES = ("clustered", "kubernetes", "multi-geo", "single-server")

_kept = TemporaryDirectory(prefix="portatlas-examples-")  # removed when Python ends


def _copied(folder: Path) -> Path:
    """Copy the data into a folder, but of the sites the examples only."""
    shutil.copytree(REAL, folder, ignore=lambda _, names: {"sites", "observed"}.intersection(names))
    (folder / "sites").mkdir()
    for name in SITES:
        shutil.copy(REAL / "sites" / f"{name}.yaml", folder / "sites")
    return folder


DATA = _copied(Path(_kept.name) / "data")
