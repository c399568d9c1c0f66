"""What flows cost: a site by its groups and not by its machines, and many sites.

python benchmarks/flows.py [--runs N] [--sites N] [--only machines|sites]

- machines: the command `flows` for a site of 12 groups, one of them of 10 or of 10,000 agents.
  Target: the second takes at most 1.2 times as long as the first.
- sites: deriving 1,000 sites of multi-geo's size against parsing their YAML.
  Target: deriving takes less.

Medians of several runs, taken in turn so that a busy machine slows both alike.
"""

import argparse
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from shutil import copy
from statistics import median
from time import perf_counter

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from generator.derive.flows import derive  # noqa: E402
from generator.load import load  # noqa: E402
from generator.source import parse  # noqa: E402

DATA = ROOT / "data"
SITE = """schema: 1
title: {agents} agents
release: "2024.06.0"
features: [file-transfer]
options: {{database: oracle, directory: ldaps, mail: smtps}}
segments:
  core: {{networks: [10.1.0.0/16], zone: default}}
  build: {{networks: [10.2.0.0/16], zone: default}}
  far: {{networks: [10.3.0.0/16]}}
hosts:
  lb: {{addresses: [10.1.0.1], segment: core, roles: [load-balancer]}}
  cd: {{addresses: ["10.1.0.[11:13]"], segment: core, roles: [cd-server, agent]}}
  zk: {{addresses: ["10.1.0.[21:23]"], segment: core, roles: [zookeeper]}}
  web: {{addresses: ["10.1.0.[31:32]"], segment: core, roles: [web-server, agent]}}
  repo: {{addresses: [10.1.0.41], segment: core, roles: [repository-server, agent]}}
  db: {{addresses: [10.1.0.51], segment: core, roles: [oracle]}}
  ldap: {{addresses: [10.1.0.52], segment: core, roles: [directory-server]}}
  mail: {{addresses: [10.1.0.53], segment: core, roles: [mail-server]}}
  gw-home: {{addresses: [10.1.0.61], segment: core, roles: [agent]}}
  gw-far: {{addresses: [10.3.0.61], segment: far, roles: [agent]}}
  users: {{network: 10.1.8.0/22, segment: core, roles: [browser, ectool]}}
  agent:
    name: "{pattern}.example.com"
    addresses: ["{addresses}"]
    segment: build
    roles: [agent]
gateways:
  link: {{ends: {{default: {{group: gw-home}}, far: {{group: gw-far}}}}}}
load_balancers:
  lb:
    - {{port: cd-server-https, groups: [cd], forwards_to: cd-server-http, tls: ends}}
    - {{port: cd-server-http, groups: [cd]}}
    - {{port: cd-server-stomp, groups: [cd]}}
"""
FEW = SITE.format(agents=10, pattern="agent[01:10]", addresses="10.2.0.[1:10]")
MANY = SITE.format(agents=10_000, pattern="agent[00001:10000]", addresses="10.2.[1:50].[1:200]")


def seconds(call: Callable[[], object]) -> float:
    start = perf_counter()
    call()
    return perf_counter() - start


def compare(names: Sequence[str], calls: Sequence[Callable[[], object]], runs: int) -> float:
    """Print the medians of both calls, and return the second by the first."""
    times: list[list[float]] = [[], []]
    for call in calls:
        call()  # once to warm up
    for _ in range(runs):
        for taken, call in zip(times, calls, strict=True):
            taken.append(seconds(call))
    for name, taken in zip(names, times, strict=True):
        spread = f"{min(taken) * 1000:.0f} to {max(taken) * 1000:.0f}"
        print(f"  {name:30} {median(taken) * 1000:8.1f} ms  ({spread}, {runs} runs)")
    return median(times[1]) / median(times[0])


def verdict(ratio: float, target: float) -> bool:
    good = ratio <= target
    print(f"  ratio {ratio:.2f}, target {target}: {'met' if good else 'MISSED'}\n")
    return good


def machines(runs: int) -> bool:
    print("flows of 12 groups, machines of one of them")
    with tempfile.TemporaryDirectory() as name:
        folders = []
        for size, text in ((10, FEW), (10_000, MANY)):
            folder = Path(name) / str(size)
            (folder / "sites").mkdir(parents=True)
            copy(DATA / "ports.yaml", folder)
            (folder / "sites" / "bench.yaml").write_text(text, encoding="utf-8")
            folders.append(folder)

        def command(folder: Path) -> Callable[[], object]:
            arguments = [sys.executable, "-m", "generator", "--data", str(folder)]
            return lambda: subprocess.run(
                [*arguments, "flows", "bench"], cwd=ROOT, stdout=subprocess.DEVNULL, check=True
            )

        whole = compare(("10 agents", "10,000 agents"), [*map(command, folders)], runs)
        print(f"  the command with its start: {whole:.2f}")

        def inside(folder: Path) -> Callable[[], object]:
            def run() -> None:
                atlas = load(folder)
                derive(atlas.catalogue, atlas.sites[0])

            return run

        within = compare(("10 agents", "10,000 agents"), [*map(inside, folders)], runs)
        print(f"  reading, checking and deriving alone: {within:.2f}")
        return verdict(max(whole, within), 1.2)


def sites(runs: int, count: int) -> bool:
    print(f"{count:,} sites of multi-geo's size")
    atlas = load(DATA)
    site = next(one for one in atlas.sites if one.id == "multi-geo")
    text = (DATA / "sites" / "multi-geo.yaml").read_bytes()

    def parsing() -> None:
        for _ in range(count):
            parse(text, "multi-geo.yaml")

    def deriving() -> None:
        for _ in range(count):
            derive(atlas.catalogue, site)

    return verdict(compare(("parsing their YAML", "deriving them"), [parsing, deriving], runs), 1.0)


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--runs", type=int, default=7, help="runs of each (default: 7)")
    parser.add_argument("--sites", type=int, default=1000, help="sites to derive (default: 1000)")
    parser.add_argument("--only", choices=["machines", "sites"], help="measure one of the two")
    asked = parser.parse_args()
    good = True
    if asked.only != "sites":
        good &= machines(asked.runs)
    if asked.only != "machines":
        good &= sites(asked.runs, asked.sites)
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
