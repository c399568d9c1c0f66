"""Texts to files: the only module that writes. It owns what it wrote, and nothing else.

A manifest in the output folder lists the generated files. What is in it and no longer made is
removed; what is not in it is somebody's own and is never overwritten.
"""

import json
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from generator.folder import PARTS, TOP

MANIFEST = ".generated.json"


class PublishError(Exception):
    """The output cannot be written; the message says which file and why."""


@dataclass(frozen=True)
class Published:
    """How many files were written, found unchanged, and removed."""

    written: int
    unchanged: int
    removed: int


def publish(out: Path, files: Mapping[str, str], *, maker: str) -> Published:
    """Make the generated part of `out` exactly `files`, by path; write only what changed.

    `maker` says what makes them, such as a command: each keeps a folder of its own. Raises
    PublishError, before anything is written, if the folder is the data's or another maker's, or if
    a file of that name is somebody's own.
    """
    if _is_read(out):
        raise PublishError(f"{out}: is a data folder; give another one")
    before, other = _manifest(out)
    if other not in (None, maker):
        raise PublishError(f"{out}: has what `portatlas {other}` made; give another folder")
    changed = [path for path, text in files.items() if _current(out / path) != text.encode()]
    foreign = sorted({found for path in changed for found in _in_the_way(out, path)} - before)
    if foreign:
        raise PublishError(f"{out / foreign[0]}: not written by portatlas; move it away first")
    stale = sorted(before - set(files))
    # First the list of all that may be there, then the files: a broken run leaves no orphan.
    if changed or stale or before != set(files):
        _write(out / MANIFEST, _listing(before | set(files), maker))
    for path in stale:
        _remove(out, out / path)
    for path in changed:
        _write(out / path, files[path])
    _write(out / MANIFEST, _listing(set(files), maker))
    return Published(len(changed), len(files) - len(changed), len(stale))


def replace(folder: Path, files: Mapping[str, str]) -> int:
    """Make the YAML files of a data folder exactly `files`, by name; return how many changed.

    Raises PublishError if one cannot be written; no file is ever half-written.
    """
    changed = [name for name, text in files.items() if _current(folder / name) != text.encode()]
    stale = {path.name for path in folder.glob("*.yaml")} - set(files)
    for name in changed:
        _write(folder / f".{name}.new", files[name])
    for name in changed:
        (folder / f".{name}.new").replace(folder / name)
    for name in sorted(stale):
        (folder / name).unlink()
    return len(changed) + len(stale)


def _is_read(out: Path) -> bool:
    """Tell whether a folder is a data folder, or one in it that is read."""
    path = Path(os.path.realpath(out))
    found = [folder for folder in (path, *path.parents) if (folder / TOP[0]).exists()]
    return bool(found) and (path.relative_to(found[0]).parts or PARTS)[0] in PARTS


def _manifest(out: Path) -> tuple[set[str], str | None]:
    """Return what was made in a folder, and by what; None where nothing was."""
    try:
        manifest = json.loads((out / MANIFEST).read_text(encoding="utf-8"))
        listed, maker = manifest["files"], str(manifest.get("maker", "build"))
    except FileNotFoundError:
        return set(), None
    except NotADirectoryError as error:
        raise PublishError(f"{out}: is no folder") from error
    except PermissionError as error:
        raise PublishError(f"{out}: {error.strerror}") from error
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise PublishError(
            f"{out / MANIFEST}: cannot be read; remove it and build again"
        ) from error
    if not isinstance(listed, list) or not all(map(_inside, listed)):
        raise PublishError(f"{out / MANIFEST}: names files outside its folder; remove it")
    return set(listed), maker


def _inside(path: object) -> bool:
    if not isinstance(path, str) or path.startswith(("/", "\\")) or "\0" in path:
        return False
    parts = Path(path).parts
    return bool(parts) and ".." not in parts


def _in_the_way(out: Path, path: str) -> Iterator[str]:
    """Yield the path if something is there, and files where it needs folders."""
    if os.path.lexists(out / path):
        yield path
    for folder in Path(path).parents:
        if folder.parts and ((out / folder).is_file() or (out / folder).is_symlink()):
            yield folder.as_posix()


def _listing(paths: set[str], maker: str) -> str:
    return json.dumps({"schema": 1, "maker": maker, "files": sorted(paths)}, indent=1) + "\n"


def _current(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except OSError:
        return None


def _write(path: Path, text: str) -> None:
    content = text.encode()
    if _current(path) == content:
        return
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    except OSError as error:
        raise PublishError(f"{path}: {error.strerror}") from error


def _remove(out: Path, path: Path) -> None:
    try:
        path.unlink(missing_ok=True)
    except (NotADirectoryError, IsADirectoryError):  # somebody made something else of it
        return
    except OSError as error:
        raise PublishError(f"{path}: {error.strerror}") from error
    for folder in path.relative_to(out).parents:
        try:
            (out / folder).rmdir() if folder.parts else None
        except OSError:  # not empty: others live there
            break
