"""What each change of the data opened and closed: git's history, read and compared.

What two states of the data differ in is kept by what they are called, so that a build reads only
what is new.
"""

from dataclasses import dataclass, replace
from pathlib import Path

from generator.diff.compare import Side, compare
from generator.diff.judge import judge
from generator.diff.policy_entries import stricter
from generator.diff.review import Review
from generator.diff.rows import Row
from generator.difference import Difference, Line, SiteChange, keep, kept, key
from generator.export import diff_words as words
from generator.git import HistoryError
from generator.history import Repository, checked_out, repository, revisions
from generator.load import Loaded, read
from generator.problems import DataError

MOST = 100
"""Commits that are looked at, the newest first."""

MOST_ROWS = 20
"""Rows of one site in one change; more are counted."""

MOST_SITES = 20
"""Sites of one change, the worst first; more are counted."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One commit and what it did; `subject` is None where it is not to be shown."""

    commit: str
    day: str
    subject: str | None
    what: Difference


@dataclass(frozen=True, slots=True)
class Changelog:
    """The entries, the newest first; `cut` is why there may be older ones, `lacking` why none."""

    entries: tuple[Entry, ...]
    cut: str | None
    lacking: str | None


def without_history(why: str) -> Changelog:
    """Return the change log of data that has no history here."""
    return Changelog((), cut=None, lacking=why)


def changelog(data: Path, cache: Path) -> Changelog:
    """Return what the last changes of a data folder did, as git's current branch has them.

    Never fails for want of history: then it says why there is none.
    """
    try:
        here = repository(data)
        found = revisions(here, MOST)
        if not found.newest_first:
            return without_history("no commit has this data folder")
        reader = _Reader(here, cache)
        oldest_first = list(reversed(found.newest_first))
        differences = [reader.difference(one.commit, one.tree) for one in oldest_first]
    except HistoryError as error:
        return without_history(str(error))
    entries = [
        Entry(one.commit, one.day, one.subject, what)
        for one, what in zip(oldest_first, differences, strict=True)
    ]
    if found.cut and entries[0].what.state == "begins":  # it began earlier than what is known here
        entries = entries[1:]
    return Changelog(tuple(reversed(entries)), found.cut, None)


def without_subjects(log: Changelog) -> Changelog:
    """Return the same for anybody to read: a subject may name a host."""
    return replace(log, entries=tuple(replace(entry, subject=None) for entry in log.entries))


class _Reader:
    """Compares one state of the data with the last one that could be read, from old to new."""

    def __init__(self, here: Repository, cache: Path) -> None:
        self._here = here
        self._cache = cache
        self._base: tuple[str, str] | None = None  # commit and tree
        self._loaded: tuple[str, Loaded] | None = None  # tree and what it says

    def difference(self, commit: str, tree: str) -> Difference:
        base = self._base
        path = self._cache / f"{key(base[1] if base else '', tree)}.json"
        what = kept(path)
        if what is None:
            what = self._compare(commit, tree)
            keep(path, what)
        if what.state != "unreadable":
            self._base = (commit, tree)
        return what

    def _compare(self, commit: str, tree: str) -> Difference:
        before = self._load(*self._base) if self._base else None
        try:
            after = self._load(commit, tree)
        except DataError:
            return Difference("unreadable", "The data of this commit cannot be read.", ())
        if before is None:
            count = len(after.atlas.sites)
            return Difference(
                "begins", f"The data begins, with {count} site{'' if count == 1 else 's'}.", ()
            )
        sides = (
            Side(name, one.atlas.catalogue, one.atlas.sites)
            for name, one in (("before", before), ("after", after))
        )
        policy = stricter(before.atlas.policy, after.atlas.policy)
        return _difference(judge(compare(*sides), policy))

    def _load(self, commit: str, tree: str) -> Loaded:
        if self._loaded is not None and self._loaded[0] == tree:
            return self._loaded[1]
        like = self._loaded[1] if self._loaded is not None else None
        try:
            with checked_out(self._here, commit) as (folder, called):
                loaded = read(folder, called=called, like=like)
        except HistoryError as error:  # a commit that took the folder away
            raise DataError([]) from error
        self._loaded = (tree, loaded)
        return loaded


def _difference(review: Review) -> Difference:
    tables = words.site_rows(review)
    every = [row for rows in tables.values() for row in rows]
    sites = []
    differing = [site for site in words.by_severity(review) if tables[site.id]]
    for site in differing[:MOST_SITES]:
        derived = site.derived_after or site.derived_before
        assert derived is not None  # noqa: S101 - it is on one side at least
        titles = words.titles(site)
        rows = tables[site.id]
        shown = rows[:MOST_ROWS] if site.kind in ("changed", "renamed") else ()
        lines = tuple(_line(row, titles) for row in shown)
        more = len(rows) - len(lines)
        sites.append(SiteChange(site.id, derived.site.title, site.kind, lines, more))
    verdict = words.verdict(review, every, public=True)
    return Difference("compared", verdict, tuple(sites), len(differing) - len(sites))


def _line(row: Row, titles: dict[str, str]) -> Line:
    return Line(
        segments=words.heading(row, titles),
        sign=words.sign(row),
        initiators=", ".join(dict.fromkeys(party.group for party in row.initiators)),
        listener=row.listener.group,
        port=f"{words.port(row)} {row.title}",
        encryption=words.encryption(row),
        requirement=words.requirement(row),
        others="; ".join(words.public(row, titles)),
        rules=row.rules,
    )
