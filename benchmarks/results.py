"""What taking the results of a fleet costs, against parsing the site's YAML 50 times.

python benchmarks/results.py [--runs N]

500 hosts with 100 flows each. Two sites of that size: one that writes each host as an entry of its
own, as an inventory does, and one that writes them as ten ranges of 50. Taking is everything that
`portatlas results` does after the data is loaded: read, check, merge with what is there, write.
Target: less than parsing the first site's YAML 50 times. Medians, taken in turn.
"""

import argparse
import json
import sys
import tempfile
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from generator.derive.flows import derive  # noqa: E402
from generator.export.observed_yaml import files  # noqa: E402
from generator.load import load  # noqa: E402
from generator.load_observed import contents as read_all  # noqa: E402
from generator.observed import newest  # noqa: E402
from generator.publish import replace  # noqa: E402
from generator.results import Known, take  # noqa: E402
from generator.source import parse  # noqa: E402

HOSTS, FLOWS = 500, 100
HEAD = """schema: 1
title: A fleet
release: "2024.06.0"
segments:
  core: {networks: [10.1.0.0/16], zone: default}
  build: {networks: [10.2.0.0/16], zone: default}
hosts:
  cd: {name: cd.example.com, addresses: [10.1.0.1], segment: core, roles: [cd-server, agent]}
"""


def host_entries() -> str:
    lines = []
    for number in range(HOSTS):
        address = f"10.2.{number // 250}.{number % 250 + 1}"
        lines.append(
            f"  h{number:03}: {{name: h{number:03}.example.com, addresses: [{address}],"
            " segment: build, roles: [agent]}"
        )
    return HEAD + "\n".join(lines) + "\n"


def ranges() -> str:
    lines = [
        f'  h{at:03}: {{name: "h[{at:03}:{at + 49:03}].example.com",'
        f' addresses: ["10.2.{at // 250}.[{at % 250 + 1}:{at % 250 + 50}]"],'
        " segment: build, roles: [agent]}"
        for at in range(0, HOSTS, 50)
    ]
    return HEAD + "\n".join(lines) + "\n"


def results(folder: Path, groups: list[str], size: int) -> tuple[list[Path], frozenset[str]]:
    """Write a document of each host; return them, and the ids of the flows."""
    paths: list[Path] = []
    ids: set[str] = set()
    for number in range(HOSTS):
        group, name = groups[number // size], f"h{number:03}.example.com"
        found: list[dict[str, Any]] = []
        for flow in range(FLOWS):
            ids.add(f"port-{flow}:{group}.agent>cd.cd-server")
            found.append(
                {
                    "number": 8443, "flow": f"port-{flow}:{group}.agent>cd.cd-server",
                    "port": f"port-{flow}", "from": name, "to": "cd.example.com",
                    "address": "10.1.0.1", "transport": "tcp", "scope": "network",
                    "requirement": "always",
                    "outcome": "filtered" if (flow * number) % 97 == 1 else "open",
                    "reason": "reachable", "act": "none", "advice": None,
                    "url": "/check/#outcome-open",
                }
            )  # fmt: skip
        at = f"2026-01-31T12:{number // 60:02}:{number % 60:02}Z"
        document = {
            "schema": 1, "kind": "check-results", "site": "fleet", "release": "2024.06.0",
            "data": "0", "generator": "0", "started": at,
            "host": {"name": name, "group": group, "names": [name], "addresses": []},
            "seconds": 1, "complete": True, "exit": 0, "left_out": 0, "results": found,
        }  # fmt: skip
        paths.append(folder / f"{name}.json")
        paths[-1].write_text(json.dumps(document), encoding="utf-8")
    return paths, frozenset(ids)


def seconds(call: Any, *arguments: Any) -> float:
    start = perf_counter()
    call(*arguments)
    return perf_counter() - start


def measure(name: str, text: str, groups: list[str], runs: int) -> float:
    """Print and return taking by parsing, of one way to write the site."""
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        (folder / "sites").mkdir()
        (folder / "ports.yaml").write_bytes((ROOT / "data" / "ports.yaml").read_bytes())
        (folder / "sites" / "fleet.yaml").write_text(text, encoding="utf-8")
        atlas = load(folder)
        derive(atlas.catalogue, atlas.sites[0])
        paths, ids = results(folder, groups, HOSTS // len(groups))
        out = folder / "observed" / "fleet"

        def taking() -> None:
            known = {"fleet": Known(atlas.sites[0], ids)}
            contents, _ = read_all(paths)
            taken = take(contents, known)
            assert not taken.problems
            assert not taken.left_out
            replace(out, files(newest(taken.observations["fleet"])))

        def parsing() -> None:
            for _ in range(50):
                parse(text.encode(), "fleet.yaml")

        times = [(seconds(taking), seconds(parsing)) for _ in range(runs)]
        took, parsed = (median(column) for column in zip(*times, strict=True))
        ratio = took / parsed
        written = sum(path.stat().st_size for path in out.iterdir())
        again = seconds(load, folder)
        print(
            f"{name}: taken in {took:.2f} s, 50 times the YAML {parsed:.2f} s, ratio {ratio:.2f};"
            f" {written / 1024:.0f} KB in {len(list(out.iterdir()))} files, loaded in {again:.2f} s"
        )
        return ratio


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=5)
    runs = parser.parse_args().runs
    ratio = measure("500 entries", host_entries(), [f"h{n:03}" for n in range(HOSTS)], runs)
    measure("10 ranges of 50", ranges(), [f"h{n:03}" for n in range(0, HOSTS, 50)], runs)
    sys.exit(ratio > 1)


if __name__ == "__main__":
    main()
