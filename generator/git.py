"""Runs git: the only module that does."""

import os
import subprocess
from pathlib import Path


class HistoryError(Exception):
    """A ref cannot be read; the message says why, and what to do."""


def _line(text: str) -> str:
    return "".join(c if c.isprintable() else " " for c in text)


def _environment() -> dict[str, str]:
    """Return the environment without what a git hook sets: it is for the hook's own folder."""
    own = ("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_PREFIX")
    return {**{key: value for key, value in os.environ.items() if key not in own}, "LC_ALL": "C"}


def git(folder: Path, *words: str, stdin: bytes = b"") -> bytes:
    """Return what git says in a folder. Raises HistoryError where it cannot."""
    try:
        done = subprocess.run(  # noqa: S603 - a fixed command; what comes from outside is no option
            ["git", *words],  # noqa: S607 - git is where the user has it
            cwd=folder,
            env=_environment(),
            input=stdin,
            capture_output=True,
            check=False,
        )
    except OSError as error:
        reason = "is not installed" if isinstance(error, FileNotFoundError) else error.strerror
        raise HistoryError(f"git {reason}: give a data folder instead of a ref") from None
    if done.returncode:
        said = done.stderr.decode("utf-8", "replace").strip().splitlines()
        raise HistoryError(f"git: {_line(said[0]) if said else 'failed'}")
    return done.stdout
