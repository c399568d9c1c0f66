"""What a diff costs: many sites, of which one changed, against parsing both sides.

python benchmarks/diff.py [--runs N] [--sites N]

- one: reading both sides, comparing and judging. Target: at most 1.2 times as long as parsing the
  YAML of both sides.
- all: the same where a number of the catalogue changed, so that every site is derived twice. No
  target.

Medians of several runs, taken in turn so that a busy machine slows all alike.
"""

import argparse
import shutil
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from statistics import median
from time import perf_counter

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from generator.diff.compare import compare  # noqa: E402
from generator.diff.judge import judge  # noqa: E402
from generator.diff.policy_entries import stricter  # noqa: E402
from generator.sides import read_sides  # noqa: E402
from generator.source import parse  # noqa: E402

DATA = ROOT / "data"
SITE = (DATA / "sites" / "multi-geo.yaml").read_text(encoding="utf-8")


def folder(root: Path, sites: int) -> Path:
    (root / "sites").mkdir(parents=True)
    shutil.copy(DATA / "ports.yaml", root)
    for index in range(sites):
        text = SITE.replace("title: Multi-geo", f"title: Site {index}", 1)
        (root / "sites" / f"site-{index}.yaml").write_text(text, encoding="utf-8")
    return root


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def parsing(*folders: Path) -> None:
    for one in folders:
        for path in (one / "ports.yaml", *sorted((one / "sites").iterdir())):
            parse(path.read_bytes(), str(path))


def diff(before: Path, after: Path, sites: int) -> None:
    sides = read_sides(after, str(before), None)
    policy = stricter(sides.before.policy, sides.after.policy)
    review = judge(compare(sides.before, sides.after), policy)
    assert len(review.diff.sites) == sites


def timed(call: Callable[[], object]) -> float:
    start = perf_counter()
    call()
    return perf_counter() - start


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--runs", type=int, default=3, help="runs of each (default: 3)")
    parser.add_argument("--sites", type=int, default=1000, help="sites (default: 1000)")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        root = Path(name)
        before, one, every = (folder(root / side, asked.sites) for side in ("a", "b", "c"))
        edit(one / "sites" / "site-0.yaml", "directory: ldaps", "directory: ldap")
        edit(every / "ports.yaml", "numbers: 7800", "numbers: 7801")
        calls = {
            "parsing both sides": lambda: parsing(before, one),
            "diff, one site changed": lambda: diff(before, one, 1),
            "diff, all sites changed": lambda: diff(before, every, asked.sites),
        }
        times: dict[str, list[float]] = {what: [] for what in calls}
        for _ in range(asked.runs):
            for what, call in calls.items():
                times[what].append(timed(call))
    medians = {what: median(some) for what, some in times.items()}
    for what, seconds in medians.items():
        print(f"  {what}: {seconds:.2f} s")
    ratio = medians["diff, one site changed"] / medians["parsing both sides"]
    good = ratio <= 1.2
    print(f"  one site changed: {ratio:.2f} times parsing, {'good' if good else 'TOO SLOW'} (1.2)")
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
