"""Break data files at random, and see that the loader answers each with a line, not a traceback.

`python -m tests.fuzz --count 10000 --seed 1` tries that many; the same seed breaks the same way.
"""

import random
import re
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click
import yaml

from generator.load import load
from generator.problems import DataError, Problem

from .examples import DATA, ROOT

FOLDERS = (DATA, ROOT / "tests" / "cases" / "good" / "teapot")
LONGEST = 5.0
"""Seconds that loading a broken folder may take; it takes about 0.03."""

NASTY = (
    *("no", "~", "null", "0443", "1e9", "1.10", "2024-06-01", "12:30:45", "-1", "65536", "0x1F"),
    *("[]", "{}", "[[[[]]]]", "{a: {b: c}}", "[", "}", "&a", "*a", "&a x", "!!python/object:os.x"),
    *("!!int x", "!local", "<<", "=", "?", "- -", "@x", "`x`", "%x", "|", ">-", '"', "'", '"\\q"'),
    *('""', '" "', "'\u200b'", '"\\u202e"', '"\\0"', "\0", "\x85", "\u2028", "\ufeff", "\ufffe"),
    *("\r", "\t", "\N{PILE OF POO}", "\u05d0\u05d1", "e\u0301", "#", "a: b: c", "a #b", "---"),
    *("...", "%YAML 9.9", "9" * 400, "x" * 5000, "[" * 60, "a-" * 3000, "1:" * 300, "true"),
    *("javascript:alert(1)", "5449-5446", '"5446-99999"', "../../etc/passwd", "{{x}}", "$(x)"),
)
SCALAR = re.compile(r"(?<=[:\[,-] )[^\s,{}\[\]#][^,{}\[\]#\n]*")

Mutation = Callable[[random.Random, bytes], bytes]


def flip_bytes(rng: random.Random, text: bytes) -> bytes:
    broken = bytearray(text)
    for _ in range(rng.randint(1, 4)):
        broken[rng.randrange(len(broken))] = rng.randrange(256)
    return bytes(broken)


def shuffle_lines(rng: random.Random, text: bytes) -> bytes:
    """Delete, repeat, swap or join lines."""
    lines = text.splitlines(keepends=True)
    for _ in range(rng.randint(1, 3)):
        one, other = rng.randrange(len(lines)), rng.randrange(len(lines))
        match rng.randrange(4):
            case 0 if len(lines) > 1:
                del lines[one]
            case 1:
                lines.insert(other, lines[one])
            case 2:
                lines[one], lines[other] = lines[other], lines[one]
            case _:
                lines[one] = lines[one].rstrip(b"\n")
    return b"".join(lines)


def truncate(rng: random.Random, text: bytes) -> bytes:
    return text[: rng.randrange(len(text))]


def indent(rng: random.Random, text: bytes) -> bytes:
    lines = text.splitlines(keepends=True)
    at = rng.randrange(len(lines))
    pad = rng.choice([b" ", b"  ", b"\t", b"    ", b"- ", "\u00a0".encode()])
    lines[at] = (
        lines[at][1:] if lines[at].startswith(b" ") and rng.random() < 0.4 else pad + lines[at]
    )
    return b"".join(lines)


def nasty_scalar(rng: random.Random, text: bytes) -> bytes:
    """Put something nasty where a scalar stands."""
    decoded = text.decode()
    for _ in range(rng.randint(1, 3)):
        found = list(SCALAR.finditer(decoded))
        if found:
            match = rng.choice(found)
            decoded = decoded[: match.start()] + rng.choice(NASTY) + decoded[match.end() :]
    return decoded.encode("utf-8", "surrogatepass")


def nasty_insert(rng: random.Random, text: bytes) -> bytes:
    """Put something nasty anywhere, in the middle of words and comments too."""
    decoded = text.decode()
    at = rng.randrange(len(decoded))
    return (decoded[:at] + rng.choice(NASTY) + decoded[at:]).encode()


def rename(rng: random.Random, text: bytes) -> bytes:
    """Rename one use of a word: a key, an id or a reference."""
    found = list(re.finditer(rb"[A-Za-z][A-Za-z0-9_-]+", text))
    match = rng.choice(found)
    word = match[0].decode()
    at = rng.randrange(len(word))
    another = rng.choice(found)[0].decode()
    other = rng.choice(
        [word[:at] + word[at + 1 :], word + "s", word.upper(), word.lower(), another]
    )
    return text[: match.start()] + other.encode() + text[match.end() :]


def rebuild(rng: random.Random, text: bytes) -> bytes:
    """Change the data itself: leave out a key or item, put another type, another name, twice."""
    data = yaml.load(text, Loader=yaml.CSafeLoader)
    for _ in range(rng.randint(1, 3)):
        holders = list(containers(data))
        if not holders:
            break
        holder = rng.choice(holders)
        key = rng.choice(list(holder) if isinstance(holder, dict) else range(len(holder)))
        change(rng, holder, key)
    return yaml.safe_dump(data, allow_unicode=True, sort_keys=False).encode()


def change(rng: random.Random, holder: Any, key: Any) -> None:
    other: Any = rng.choice(
        [None, True, -1, 0, 10**30, 1.5, "", " ", "x", "a b", [], {}, [[]], {"x": []}, "9-1", 70000]
    )
    match rng.randrange(4):
        case 0:
            del holder[key]
        case 1:
            holder[key] = other
        case 2 if isinstance(holder, dict):
            name = rng.choice(["x", "Bad_Id", "no", "1", 7, "", "a b", f"{key}s"])
            holder[name] = holder.pop(key)
        case _ if isinstance(holder, list):
            holder.append(holder[key])
        case _:
            holder[f"{key}-too"] = holder[key]


def containers(data: Any) -> Iterator[Any]:
    """Yield every mapping and list that has something in it."""
    if isinstance(data, dict | list) and data:
        yield data
        for value in data.values() if isinstance(data, dict) else data:
            yield from containers(value)


MUTATIONS: tuple[Mutation, ...] = (
    flip_bytes,
    shuffle_lines,
    truncate,
    indent,
    nasty_scalar,
    nasty_insert,
    rename,
    rebuild,
)


@dataclass
class Tally:
    """What became of the broken folders."""

    tried: int = 0
    loaded: int = 0
    refused: int = 0
    problems: int = 0
    slowest: float = 0.0


def fuzz(count: int, seed: int) -> Iterator[Tally]:
    """Break and load that many folders; yield the tally after each.

    Raises AssertionError, which names seed and number, where the loader neither loads
    the folder nor complains properly.
    """
    tally = Tally()
    with tempfile.TemporaryDirectory() as temporary:
        folders = [Path(temporary) / folder.name for folder in FOLDERS]
        for folder, copy in zip(FOLDERS, folders, strict=True):
            shutil.copytree(folder, copy)
        for number in range(count):
            rng = random.Random(f"{seed}:{number}")
            folder = rng.choice(folders)
            path = rng.choice(sorted(folder.rglob("*.yaml")))
            mutation = rng.choice(MUTATIONS)
            sound = path.read_bytes()
            text = mutation(rng, sound)
            path.write_bytes(text)
            try:
                attempt(folder, path, text, tally)
            except Exception as error:
                where = f"--seed {seed}, number {number}: {mutation.__name__} in {path.name}"
                raise AssertionError(f"{where}: {error!r}") from error
            path.write_bytes(sound)
            yield tally


def attempt(folder: Path, broken: Path, text: bytes, tally: Tally) -> None:
    began = time.perf_counter()
    problems = complaints(folder)
    took = time.perf_counter() - began
    tally.tried += 1
    tally.loaded += problems is None
    tally.refused += problems is not None
    tally.problems += len(problems or ())
    tally.slowest = max(tally.slowest, took)
    assert took < LONGEST, f"took {took:.1f} s"
    assert problems != (), "refused for no reason"
    for problem in problems or ():
        check(problem, broken, text)


def complaints(folder: Path) -> tuple[Problem, ...] | None:
    try:
        load(folder)
    except DataError as error:
        return error.problems
    return None


def check(problem: Problem, broken: Path, text: bytes) -> None:
    """A problem has a place within a file, and says what is wrong in one readable line."""
    place = problem.place
    assert Path(place.file).is_file(), f"no such file: {problem}"
    if Path(place.file) == broken:
        lines = text.decode("utf-8", "replace").split("\n")
        assert 1 <= place.line <= len(lines) + 1, f"no such line: {problem}"
        line = lines[place.line - 1] if place.line <= len(lines) else ""
        assert 1 <= place.column <= len(line) + 1, f"no such column: {problem}"
    assert problem.message.strip() == problem.message != ""
    assert problem.message.isprintable(), f"not one readable line: {problem!r}"
    assert len(problem.message) < 400, f"too long: {problem}"


@click.command()
@click.option("--count", default=10_000, show_default=True, help="How many folders to break.")
@click.option("--seed", default=1, show_default=True, help="How to break them.")
def main(count: int, seed: int) -> None:
    """Break data files at random and load them."""
    tally = Tally()
    began = time.perf_counter()
    runs = fuzz(count, seed)
    terminal = sys.stderr.isatty()
    with click.progressbar(runs, count, "Breaking", file=sys.stderr, hidden=not terminal) as bar:
        for tally in bar:  # noqa: B007
            pass
    click.echo(
        f"seed {seed}: {tally.tried} broken folders, {tally.loaded} loaded all the same, "
        f"{tally.refused} refused with {tally.problems} problems, "
        f"slowest {tally.slowest:.2f} s, {time.perf_counter() - began:.0f} s in all"
    )


if __name__ == "__main__":
    main()
