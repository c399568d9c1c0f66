"""Data folders as they were at a git ref, and when they changed.

git gets refs after `--end-of-options` or as object names, so that none can be an option.
"""

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory

from generator.folder import PARTS
from generator.git import HistoryError, git
from generator.problems import did_you_mean, quoted, shown

SHALLOW = "this clone is shallow: git fetch --unshallow, or fetch-depth: 0 where it is made"


class NothingThereError(HistoryError):
    """The ref can be read, but the data folder is not there, or the branch has no commit yet."""


@dataclass(frozen=True, slots=True)
class Repository:
    """A git repository; `prefix` is where the data folder lies in it, with a slash or empty."""

    root: Path
    prefix: str


def repository(data: Path) -> Repository:
    """Return the repository of a data folder, which need not exist any more.

    Raises HistoryError where there is none, or no git.
    """
    folder = data.absolute()
    below: list[str] = []
    while not folder.is_dir() and folder != folder.parent:
        below.insert(0, folder.name)
        folder = folder.parent
    try:
        answer = git(folder, "rev-parse", "--show-toplevel", "--show-prefix")
    except HistoryError as error:
        if "not a git repository" not in str(error):
            raise
        raise HistoryError(f"{data} is in no git repository: give a data folder") from None
    root, _, prefix = answer.decode("utf-8", "surrogateescape").partition("\n")
    prefix = prefix.rstrip("\n") + "".join(f"{name}/" for name in below)
    return Repository(Path(root), prefix)


def commit(here: Repository, ref: str) -> str:
    """Return the id of the commit that a ref stands for. Raises HistoryError."""
    try:
        answer = git(here.root, "rev-parse", "--verify", "--end-of-options", f"{ref}^{{commit}}")
    except HistoryError:
        if ref == "HEAD" and not git(here.root, "rev-list", "--max-count=1", "--all"):
            raise NothingThereError("there is no commit yet") from None
        cure = (
            f"; {SHALLOW}"
            if _shallow(here)
            else did_you_mean(ref, [] if ".." in ref else _names(here))
        )
        message = f"{quoted(ref)} is neither a folder nor a git ref here{cure}"
        raise HistoryError(message) from None
    return answer.decode().strip()


def _names(here: Repository) -> list[str]:
    """Return the names of branches and tags."""
    kinds = ("refs/heads", "refs/remotes", "refs/tags")
    answer = git(here.root, "for-each-ref", "--format=%(refname:short)", *kinds)
    return ["HEAD", *answer.decode("utf-8", "replace").split()]


@contextmanager
def checked_out(here: Repository, ref: str, path: str | None = None) -> Iterator[tuple[Path, str]]:
    """Yield a temporary folder with the data of a ref, and what its places are called.

    `path` is the data folder's at that ref, from the repository's root; by default where it is now.
    Raises HistoryError if there is no such ref, or no such folder.
    """
    of = commit(here, ref)
    prefix = here.prefix if path is None else _below(path)
    entries, links = _entries(here, ref, of, prefix)
    if not (entries or links):
        where = shown(prefix.rstrip("/") or ".")
        raise NothingThereError(f"{where}: there is no such folder at {shown(ref)}")
    with TemporaryDirectory(prefix="portatlas-") as made:
        root = Path(made)
        names = [name for _, name in entries]
        for name, content in zip(names, _contents(here, [i for i, _ in entries]), strict=True):
            target = root / name
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(content)
        _link(root, links)
        yield root, f"{ref}:{prefix}"


@dataclass(frozen=True, slots=True)
class Revision:
    """A commit that changed the data; `day` is its committer's date, `tree` names the content.

    `tree` is empty where the data folder is not there.
    """

    commit: str
    day: str
    subject: str
    tree: str


@dataclass(frozen=True, slots=True)
class Revisions:
    """The commits that changed the data, the newest first; `cut` is why there may be older ones."""

    newest_first: tuple[Revision, ...]
    cut: str | None


def revisions(here: Repository, most: int) -> Revisions:
    """Return the last commits of the current branch that changed the data, merges as one.

    Raises HistoryError where git cannot say.
    """
    if not git(here.root, "rev-list", "--max-count=1", "--all"):
        return Revisions((), cut=None)
    words = ["--literal-pathspecs", "-c", "log.showSignature=false", "log", "--first-parent", "-z"]
    words += ["--format=%H%n%cs%n%s", f"--max-count={most + 1}", "--end-of-options", "HEAD", "--"]
    answer = git(here.root, *words, *([here.prefix] if here.prefix else []))
    found = [line.split("\n", 2) for line in answer.decode("utf-8", "replace").split("\0") if line]
    trees = _trees(here, [commit for commit, _, _ in found])
    every = [
        Revision(commit, day, subject, tree)
        for (commit, day, subject), tree in zip(found, trees, strict=True)
    ]
    cut = f"the last {most} are looked at" if len(every) > most else None
    return Revisions(tuple(every[:most]), cut or (SHALLOW if _shallow(here) else None))


def _shallow(here: Repository) -> bool:
    return git(here.root, "rev-parse", "--is-shallow-repository").strip() == b"true"


def _trees(here: Repository, commits: list[str]) -> list[str]:
    """Return what the data folder is called at each commit, or an empty text."""
    asked = "".join(f"{one}:{here.prefix.rstrip('/')}\n" for one in commits)
    answer = git(here.root, "cat-file", "--batch-check=%(objectname)", stdin=asked.encode())
    lines = answer.decode("utf-8", "replace").splitlines()
    return ["" if line.endswith(" missing") else line for line in lines]


def _below(path: str) -> str:
    """Return a path from the root with a slash at its end, or nothing for the root itself."""
    parts = [part for part in PurePosixPath(path).parts if part != "/"]
    if ".." in parts:
        raise HistoryError(f"{quoted(path)}: a path at a ref begins at the repository's root")
    return "".join(f"{part}/" for part in parts)


def _link(root: Path, names: list[str]) -> None:
    """Make the links of a ref, each to itself: the loader says of them what it says in a tree."""
    for name in names:
        target = root / name
        target.parent.mkdir(parents=True, exist_ok=True)
        if not os.path.lexists(target):
            target.symlink_to(target.name)


_ENTRY = re.compile(rb"([0-7]{6}) (?:blob|commit) ([0-9a-f]+)\t(.*)", re.DOTALL)
"""An entry of a tree: its mode, its object, its path."""

_LINK, _SUBMODULE = b"120000", b"160000"

_READ = re.compile(r"([^/]+\.ya?ml|(sources|sites)/[^/]+\.ya?ml|pages/.+\.md)")
"""What of a data folder is read."""

_IN_THE_WAY = re.compile(rf"[^/]+\.y[^/]*ml|({'|'.join(PARTS)})(/.+)?", re.DOTALL)
"""Where a link or a submodule stands in the place of data."""


def _entries(
    here: Repository, ref: str, of: str, prefix: str
) -> tuple[list[tuple[str, str]], list[str]]:
    """Return object and path below the folder of each file that is read, and each link's path."""
    tree = f"{of}:{prefix.rstrip('/')}"
    files: list[tuple[str, str]] = []
    links: list[str] = []
    try:
        listed = git(here.root, "ls-tree", "-r", "-z", "--full-tree", tree)
    except HistoryError:
        return files, links
    for line in listed.split(b"\0"):
        entry = _ENTRY.fullmatch(line)
        name = entry[3].decode("utf-8", "surrogateescape") if entry else ""
        if entry is None or ".." in PurePosixPath(name).parts:
            continue
        if entry[1] in (_LINK, _SUBMODULE) and _IN_THE_WAY.fullmatch(name):
            if entry[1] == _SUBMODULE:
                where = shown(f"{ref}:{prefix}{name}")
                raise HistoryError(f"{where} is a submodule, of which git has no file here")
            links.append(name)
        elif entry[1].startswith(b"100") and _READ.fullmatch(name):
            files.append((entry[2].decode(), name))
    return files, links


def _contents(here: Repository, objects: list[str]) -> Iterator[bytes]:
    """Yield what each object holds, as it is stored."""
    answer = git(here.root, "cat-file", "--batch", stdin="\n".join([*objects, ""]).encode())
    at = 0
    for _ in objects:
        end = answer.index(b"\n", at)
        size = answer[at:end].split()[-1]
        if not size.isdigit():  # "missing", in a clone that is not whole
            raise HistoryError(f"git: an object is missing here: {shown(answer[at:end].decode())}")
        yield answer[end + 1 : end + 1 + int(size)]
        at = end + 1 + int(size) + 1
