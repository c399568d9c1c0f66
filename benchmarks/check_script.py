"""The check script against nmap, side by side; and silent ports against the ideal.

`unshare -n python benchmarks/check_script.py`: as root, in a network namespace of its own, where
it sets up loopback and a firewall that drops. Nothing leaves the machine.
"""

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from math import ceil
from pathlib import Path

from generator.checker.script import generic

COUNT = 1000
RUNS = 7
PARALLEL = 64
TIMEOUT = 1.0


def fastest(*command: str) -> tuple[float, float]:
    """Return the best wall time of several runs, and the processor time of that run."""
    best = (float("inf"), 0.0)
    for _ in range(RUNS):
        before, begin = os.times(), time.perf_counter()
        subprocess.run(command, stdout=subprocess.DEVNULL, check=False)
        wall, after = time.perf_counter() - begin, os.times()
        cpu = sum(after[2:4]) - sum(before[2:4])
        best = min(best, (wall, cpu))
    return best


def main() -> None:
    others = [name for _, name in socket.if_nameindex() if name != "lo"]
    if others:
        sys.exit(f"in a network namespace of its own only; here are {', '.join(others)}")
    missing = [name for name in ("nmap", "nft", "ip") if not shutil.which(name)]
    if missing:
        sys.exit(f"not installed here: {', '.join(missing)}")
    subprocess.run(["ip", "link", "set", "lo", "up"], check=True)
    with tempfile.TemporaryDirectory() as folder:
        script = Path(folder, "check.sh")
        script.write_text(generic("benchmark"), encoding="utf-8")
        check = ["bash", str(script), "127.0.0.1"]
        nmap = ["nmap", "-sT", "-n", "-Pn", "127.0.0.1", "-p"]
        ports_held = range(20000, 20000 + COUNT)
        held = [socket.create_server(("127.0.0.1", port), backlog=64) for port in ports_held]
        for what, first in (("open", 20000), ("refused", 22000)):
            ports = f"{first}-{first + COUNT - 1}"
            for name, command in (("check.sh", [*check, ports]), ("nmap", [*nmap, ports])):
                wall, cpu = fastest(*command)
                print(f"{COUNT} {what:8} {name:9} {wall:6.3f} s wall {cpu:6.3f} s processor")
        for one in held:
            one.close()
        drop = "tcp dport 24000-25000 drop"
        rules = f"table ip w {{ chain i {{ type filter hook input priority 0;\n{drop}\n}}\n}}\n"
        subprocess.run(["nft", "-f", "-"], input=rules, text=True, check=True)
        begin = time.perf_counter()
        options = ["--timeout", str(TIMEOUT), "--parallel", str(PARALLEL), "--format", "tap"]
        words = [*check, *options, f"24000-{24000 + COUNT - 1}"]
        done = subprocess.run(words, capture_output=True, text=True, check=False)
        wall = time.perf_counter() - begin
        if done.stdout.count("outcome: filtered") != COUNT:
            sys.exit(f"not all were silent: {done.stdout[-300:]}{done.stderr}")
        ideal = 2 * ceil(COUNT / PARALLEL) * TIMEOUT
        times = f"ideal {ideal:.2f} s, {wall / ideal:.2f} times"
        print(f"{COUNT} silent   check.sh {wall:7.2f} s wall, {times}")


if __name__ == "__main__":
    main()
