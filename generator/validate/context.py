"""What a rule about a document needs: its data, sound or not, and a way to report."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from generator.problems import Problem, did_you_mean, quoted
from generator.source import Document, Path


@dataclass(frozen=True)
class Context:
    """A document, and the paths under which its structure is not sound."""

    document: Document
    unsound: frozenset[Path]

    def section(self, name: str) -> dict[str, Any]:
        """Return the sound entries of a keyed section."""
        data = self.document.data
        entries = data.get(name) if isinstance(data, dict) else None
        if not isinstance(entries, dict) or (name,) in self.unsound:
            return {}
        return {
            key: entry for key, entry in sorted(entries.items()) if (name, key) not in self.unsound
        }

    def names(self, section: str) -> frozenset[str] | None:
        """Return the keys of a section, whether or not their entries are sound.

        None if nobody can tell: the section is missing, or one of its keys is wrong.
        """
        data = self.document.data
        entries = data.get(section) if isinstance(data, dict) else None
        if not isinstance(entries, dict) or (section,) in self.unsound:
            return None
        return frozenset(entries)

    def get(self, name: str, default: Any) -> Any:
        """Return a top-level value if it is sound."""
        data = self.document.data
        if not isinstance(data, dict) or any(path[:1] == (name,) for path in self.unsound):
            return default
        return data.get(name, default)

    def problem(self, path: Path, message: str) -> Problem:
        """Report at the value of a path."""
        where = ".".join(map(str, path))
        return Problem(self.document.value_place(path), f"{where}: {message}")

    def unknown(
        self, path: Path, name: str, known: Iterable[str] | None, what: str
    ) -> Iterator[Problem]:
        """Report a name that stands for nothing, with the nearest one that does."""
        known = None if known is None else frozenset(known)
        if known is not None and name not in known:
            yield self.problem(path, f"no {what} {quoted(name)}{did_you_mean(name, known)}")


def components_of(entry: dict[str, Any]) -> dict[str, str]:
    """Return the component of each role of a host group, by the role's id."""
    instances = entry.get("instances", {})
    own = {role: role for role in entry["roles"]}
    return own | {key: more["component"] for key, more in instances.items()}
