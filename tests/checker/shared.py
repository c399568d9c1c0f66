"""One table of cases for the check script in every shell: `python -m tests.checker.shared bash`.

A case in `cases/` is a situation (what listens, which facts the script has) and some runs in it.
What came out is in the file beside it, once for all shells; `--update` writes it anew, from bash.
On Linux it wants a network and a name service of its own: `sh tests/checker/alone.sh` makes them.
"""

import argparse
import difflib
import io
import json
import os
import re
import socket
import subprocess
import sys
import time
import xml.etree.ElementTree as ET
from collections.abc import Mapping
from contextlib import nullcontext, suppress
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import jsonschema_rs
import yaml

from generator.checker.script import BASH, POWERSHELL, filled
from generator.validate.structure import schema_text
from tests.checker.situation import situation

CASES = Path(__file__).with_name("cases")


@dataclass(frozen=True)
class Program:
    """What runs the script: a bash or a PowerShell."""

    name: str

    @property
    def is_bash(self) -> bool:
        """Tell whether it is a bash."""
        return Path(self.name).stem == "bash"

    def write(self, facts: list[list[str]], folder: Path) -> Path:
        """Write the script that has these facts."""
        how, name = (BASH, "check.sh") if self.is_bash else (POWERSHELL, "check.ps1")
        path = folder / name
        path.write_bytes(filled(map(tuple, facts), how).encode())
        return path

    def command(self, script: Path, options: list[str]) -> list[str]:
        """Return a call; an option is spelled as the shell's people spell it, except with a `=`."""
        if self.is_bash:
            return [self.name, str(script), *options]
        own = [re.sub(r"^--([a-z])([a-z]+)$", _dashed, option) for option in options]
        how = ["-NoProfile", "-NonInteractive", "-ExecutionPolicy", "Bypass", "-File"]
        return [self.name, *how, str(script), *own]


def _dashed(found: re.Match[str]) -> str:
    return f"-{found[1].upper()}{found[2]}"


def ran(program: Program, case: Mapping[str, Any], folder: Path) -> str:
    """Return what all runs of a case came to, in a form that all shells and machines share."""
    with situation(case.get("listeners", {}), folder) as values:
        facts = [[_filled(word, values) for word in fact] for fact in case["facts"]]
        script = program.write(facts, folder)
        said = []
        here: list[str] = []  # this machine's addresses, of an earlier run's document
        for run in case["runs"]:
            options = [_filled(word, values) for word in run]
            comes = values[case["comes"]] if {"--listen", "3"} <= set(run) else None
            status, out, err = _run(program.command(script, options), comes, case.get("writes"))
            if out.startswith("{"):
                here = json.loads(out)["host"]["addresses"]
                out = _document(out)
            elif out.startswith("<"):
                out = ET.canonicalize(out, strip_text=True).replace("><", ">\n<") + "\n"
            text = f"$ {' '.join(run)}\nstatus {status}\n{out}{_indented(err)}"
            said.append(_shared(_without(text, here), values))
        return "\n".join(said)


def _filled(word: str, values: Mapping[str, str]) -> str:
    return re.sub(r"\{(\w+)\}", lambda found: values.get(found[1], found[0]), word)


def _without(text: str, here: list[str]) -> str:
    """Replace the machine's own addresses, all of them or those of IPv4."""
    for some in (here, [address for address in here if ":" not in address]):
        if some:
            text = text.replace(" ".join(some), "{here}")
    return text


def _run(command: list[str], comes: str | None, writes: str | None) -> tuple[int, str, str]:
    """Run a command, perhaps with a file to write to; come to a port of it, when it listens."""
    with (
        Path(writes).open("wb") if writes else nullcontext(subprocess.PIPE) as stdout,
        subprocess.Popen(
            command,
            stdout=stdout,
            stderr=subprocess.PIPE,
            stdin=subprocess.DEVNULL,
            text=True,
            encoding="utf-8",
            errors="replace",
            env={**os.environ, "LC_ALL": "C", "NO_COLOR": "1"},
        ) as process,
    ):
        if comes is not None:
            _visit(int(comes))
        out, err = process.communicate(timeout=120)
        return process.returncode, out or "", err


def _visit(number: int) -> None:
    """Come to a port that is about to be opened, and wait until it is closed."""
    for _ in range(200):
        with (
            suppress(ConnectionRefusedError),
            socket.create_connection(("127.0.0.1", number), 5) as visit,
        ):
            visit.recv(1)
            return
        time.sleep(0.1)
    raise RuntimeError(f"{number} was not opened")


def _document(out: str) -> str:
    """Return JSON without what is of this run and machine only, checked by its schema."""
    found = json.loads(out)
    name = "check-results" if found["kind"] == "check-results" else "check-ports"
    jsonschema_rs.validator_for(json.loads(schema_text(name))).validate(found)
    for key in ("started", "seconds"):
        found.pop(key, None)
    del found["host"]["names"], found["host"]["addresses"]
    return json.dumps(found, indent=1, ensure_ascii=False) + "\n"


def _indented(err: str) -> str:
    return "".join(f"stderr: {line}\n" for line in err.splitlines())


def _shared(text: str, values: Mapping[str, str]) -> str:
    """Replace what differs by machine and by shell in words."""
    for name, value in values.items():
        text = re.sub(rf"(?<![\w.]){re.escape(value)}(?!\w)", f"{{{name}}}", text)
    for pattern, instead in (
        ("\u2192", "->"),
        (r"(?m)^(.*; )?[0-9]+\.[0-9]{2} s$", r"\1... s"),
        (r"check\.(sh|ps1): ", "check: "),
        (r"(?<=[ '(;])--?([A-Za-z])([a-z]+)\b", lambda found: "-" + found[1].upper() + found[2]),
        (r"this host \(\S+( \S+)*\) is", "this host (...) is"),
        (r'time="[0-9.]+"', 'time="..."'),
        (r"taken by [^:\"]+", "taken by ..."),
        (r" with \w+ on: ", " with ... on: "),
        (r" +\n", "\n"),
        (r"(\{\w+\}) +", r"\1 "),
    ):
        text = re.sub(pattern, instead, text)
    return re.sub(r"(?m)(^Not tested: .*\n)+", _sorted, text)


def _sorted(found: re.Match[str]) -> str:
    return "".join(sorted(found[0].splitlines(keepends=True)))


def compare(program: Program, name: str, *, update: bool) -> list[str] | None:
    """Return how a case came out otherwise than it should, a diff; None on other systems."""
    case = yaml.safe_load((CASES / f"{name}.yaml").read_text(encoding="utf-8"))
    if sys.platform not in case.get("systems", [sys.platform]):
        return None
    with TemporaryDirectory() as folder:
        found = ran(program, case, Path(folder))
    expected = CASES / f"{name}.out"
    if update:
        expected.write_text(found, encoding="utf-8", newline="\n")
    lines = expected.read_text(encoding="utf-8").splitlines()
    return list(difflib.unified_diff(lines, found.splitlines(), str(expected), program.name))


def main() -> int:
    """Run the cases that are named, or all; the status is 1 where one came out otherwise."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("program", help="bash, powershell or pwsh; a path will do")
    parser.add_argument("cases", nargs="*", default=sorted(p.stem for p in CASES.glob("*.yaml")))
    parser.add_argument("--update", action="store_true", help="make it the expected outcome")
    given = parser.parse_args()
    wrong = 0
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(encoding="utf-8")  # for differences, on a Windows console
    for name in given.cases:
        diff = compare(Program(given.program), name, update=given.update)
        how = "not here" if diff is None else "wrong" if diff else "as expected"
        print(f"{how:12} {given.program}  {name}", *(diff or ()), sep="\n", flush=True)
        wrong += bool(diff)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
