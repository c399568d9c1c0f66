"""The names that a document has, whether or not their own entries are sound.

One mistake in an entry is one line: what refers to the entry is not wrong as well.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from generator.problems import did_you_mean, quoted
from generator.source import Document, Path


@dataclass(frozen=True)
class Names:
    """The keys of a document's sections; `unsound` are the paths where its structure is wrong."""

    document: Document
    unsound: frozenset[Path]

    def missing(self, section: str, name: str) -> str | None:
        """Say that a section has no such name, or nothing if it has or nobody can tell."""
        known = self._known(section)
        if known is None or name in known:
            return None
        return f"no {section.removesuffix('s')} {quoted(name)}{did_you_mean(name, known)}"

    def _known(self, section: str) -> Iterable[str] | None:
        data = self.document.data if isinstance(self.document.data, dict) else {}
        # Where a key of the section, or the section's own name, is wrong, it may be the one meant.
        if (section,) in self.unsound or (section not in data and () in self.unsound):
            return None
        known: Iterable[str] = data.get(section, ())
        return known
