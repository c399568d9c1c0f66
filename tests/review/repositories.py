"""Git repositories made in a test: they read nobody's configuration, and write only in a folder."""

import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from ..examples import DATA, ROOT

ENVIRONMENT = {
    **{key: value for key, value in os.environ.items() if not key.startswith("GIT_")},
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_AUTHOR_NAME": "Ann",
    "GIT_AUTHOR_EMAIL": "ann@example.com",
    "GIT_COMMITTER_NAME": "Ann",
    "GIT_COMMITTER_EMAIL": "ann@example.com",
    "GIT_AUTHOR_DATE": "2026-11-01T12:00:00Z",
    "GIT_COMMITTER_DATE": "2026-11-01T12:00:00Z",
    "GIT_PAGER": "cat",
    "PYTHONPATH": str(ROOT),
}


@dataclass(frozen=True)
class Scratch:
    """A repository with a data folder."""

    root: Path

    @property
    def data(self) -> Path:
        return self.root / "data"

    def site(self, name: str) -> Path:
        return self.data / "sites" / f"{name}.yaml"

    def git(self, *words: str) -> str:
        """Run git, which must succeed."""
        done = subprocess.run(
            ["git", *words],
            cwd=self.root,
            env=ENVIRONMENT,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    def commit(self, subject: str) -> str:
        """Commit everything and return the commit's id."""
        self.git("add", "--all")
        self.git("commit", "--quiet", "--allow-empty", "--message", subject)
        return self.git("rev-parse", "HEAD").strip()

    def edit(self, path: Path, *replacements: tuple[str, str]) -> None:
        """Replace parts of a file, each of which must be there."""
        text = path.read_text("utf-8")
        for old, new in replacements:
            assert old in text
            text = text.replace(old, new, 1)
        path.write_text(text, "utf-8")

    def portatlas(
        self, *words: str, variables: Mapping[str, str] | None = None
    ) -> subprocess.CompletedProcess[str]:
        """Run portatlas in the repository."""
        return subprocess.run(
            [sys.executable, "-m", "generator", *words],
            cwd=self.root,
            env={**ENVIRONMENT, **(variables or {})},
            capture_output=True,
            text=True,
            check=False,
        )


def scratch(root: Path, data: Path = DATA) -> Scratch:
    """Make a repository of a copy of a data folder, in one commit."""
    root.mkdir(parents=True, exist_ok=True)
    shutil.copytree(data, root / "data")
    shutil.copy(ROOT / ".gitattributes", root)
    made = Scratch(root)
    made.git("init", "--quiet", "--initial-branch", "main")
    made.commit("The data")
    return made


FILE_SERVER = """\
  nas-emea:
    name: nas-emea.example.com
    addresses: [10.40.1.20]
    segment: emea
    roles: [file-server]
  users-emea:"""


def pull_request(here: Scratch) -> None:
    """Commit the change of the issue: a file server in emea, and LDAPS becomes LDAP."""
    here.edit(
        here.site("multi-geo"),
        ("  directory: ldaps", "  directory: ldap"),
        ("  users-emea:", FILE_SERVER),
    )
    here.commit("A file server for EMEA; LDAP")
