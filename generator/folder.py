"""The files of a data folder: which there are, what they hold, and how places name them."""

import errno
import re
from dataclasses import dataclass
from pathlib import Path

from generator.characters import decode
from generator.problems import Place, Problem, did_you_mean

FILE = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*\.yaml")
"""What a file of an article or a site is called: its name is an id, and part of addresses."""

TOP = ("ports.yaml", "policy.yaml")
"""The files at the top of a folder: the catalogue, and the policy that it may have."""

PARTS = ("sources", "sites", "pages", "observed")
"""The folders in it."""


@dataclass(frozen=True)
class Page:
    """A page of prose that belongs to the product; `path` is relative to the site's root."""

    path: str
    name: str
    text: str


@dataclass(frozen=True)
class Folder:
    """A data folder; `called` is put before a file's relative path wherever a place names it.

    By default that is the folder itself.
    """

    path: Path
    called: str | None = None

    def relative(self, path: Path) -> str:
        """Return a file's path from the folder."""
        return path.relative_to(self.path).as_posix()

    def name(self, path: Path) -> str:
        """Return how places name a file."""
        return str(path) if self.called is None else f"{self.called}{self.relative(path)}"

    def content(self, path: Path) -> tuple[bytes | None, list[Problem]]:
        """Return what a file holds, or why it cannot be read; nothing of a link: see `links`."""
        below = path.relative_to(self.path).parents
        if path.is_symlink() or any((self.path / one).is_symlink() for one in below[:-1]):
            return None, []
        return content(path, self.name(path))


def content(path: Path, name: str) -> tuple[bytes | None, list[Problem]]:
    """Return what a file holds, or why it cannot be read; places call it by the name."""
    try:
        return _content(path), []
    except OSError as error:
        reason = (error.strerror or "cannot be read").lower()
        return None, [Problem(Place(name, 1, 1), reason)]


def _content(path: Path) -> bytes:
    if path.is_fifo() or path.is_char_device():  # reading it would not end
        raise OSError(errno.EINVAL, "is no file")
    return path.read_bytes()


def links(here: Folder) -> list[Problem]:
    """Report symbolic links: what is behind one is not the folder's, nor of any git ref.

    A link could also lead anywhere on the machine that builds: none is followed.
    """
    parts = [here.path / part for part in PARTS]
    below = (path for part in parts if not part.is_symlink() for path in part.rglob("*"))
    return [
        Problem(Place(here.name(path), 1, 1), "is a symbolic link: put there what it leads to")
        for path in (*sorted(here.path.glob("*.y*ml")), *parts, *sorted(below))
        if path.is_symlink()
    ]


def strangers(here: Folder) -> tuple[list[Problem], bool]:
    """Report YAML files that nothing would read: a wrong name must not go unnoticed.

    Tell also whether one of them is the missing `ports.yaml`, by the look of its name.
    """
    problems: list[Problem] = []
    misnamed = False
    folder = here.path
    top = sorted(folder.glob("*.y*ml"))
    below = (*folder.glob("sources/*.y*ml"), *folder.glob("sites/*.y*ml"))
    for path in (*top, *sorted(path for path in below if not FILE.fullmatch(path.name))):
        if path.name in TOP and path in top:
            continue
        lacking = [name for name in TOP if path in top and folder / name not in top]
        near = did_you_mean(path.name, lacking)
        if path not in top:
            near = ": its name is to be an id, lower-case words joined by hyphens, and .yaml"
        misnamed = misnamed or (path in top and TOP[0] in near)
        problems.append(Problem(Place(here.name(path), 1, 1), f"is not a file that is read{near}"))
    return problems, misnamed


def pages(here: Folder) -> tuple[tuple[Page, ...], list[Problem]]:
    """Read the prose below `pages/`."""
    some: list[Page] = []
    problems: list[Problem] = []
    root = here.path / "pages"
    for path in sorted(root.rglob("*.md")):
        name = here.name(path)
        raw, found = here.content(path)
        if raw is not None:
            text, found = decode(raw, name)
            if text is not None:  # prose may have joiners and the like
                some.append(
                    Page(path.relative_to(root).as_posix(), name, text.replace("\r\n", "\n"))
                )
                continue
        problems += found
    return tuple(some), problems
