"""The two sides of a diff, each a data folder or what it was at a git ref, read and validated."""

import gc
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from generator.diff.compare import Side
from generator.folder import TOP
from generator.git import HistoryError
from generator.history import NothingThereError, checked_out, commit, repository
from generator.load import Atlas, Loaded, no_collecting, read
from generator.problems import DataError, Problem, quoted


@dataclass(frozen=True)
class Sides:
    """Both sides, and what places put before a path of the one or the other.

    A side that is a folder has nothing in `called`: its paths are paths. `nothing` says why the
    base has no data, if so: then all sites are new.
    """

    before: Side
    after: Side
    called: tuple[str, ...]
    nothing: str | None = None


def read_sides(data: Path, base: str, head: str | None) -> Sides:
    """Read both sides; `head` is by default the data folder as it stands.

    A base from before there were any data has no sites, and the catalogue and policy of head: the
    first commit of data can be reviewed, too.

    Raises DataError with every problem of both, and HistoryError for a ref that cannot be read.
    """
    with no_collecting(), ExitStack() as stack:
        after = _folder(stack, data, head)
        try:
            before = _folder(stack, data, base)
        except NothingThereError as error:
            if ":" in base:
                raise
            atlas = read(after[0], called=after[1]).atlas
            none = Side(base, atlas.catalogue, (), atlas.policy)
            called = (after[1],) if after[1] is not None else ()
            return Sides(none, _side(head or str(data), atlas), called, str(error))
        problems: list[Problem] = []
        new = _read(after, None, problems)
        old = _read(before, new, problems)
        if old is None or new is None:
            raise DataError(problems)
        gc.freeze()  # both stay to the end: at 1,000 sites, to look at them again costs a sixth
    return Sides(
        before=_side(base, old.atlas),
        after=_side(head or str(data), new.atlas),
        called=tuple(name for _, name in (before, after) if name is not None),
    )


def read_side(data: Path, given: str) -> Atlas:
    """Read one side. Raises DataError and HistoryError, as `read_sides` does."""
    with ExitStack() as stack:
        folder, called = _folder(stack, data, given)
        return read(folder, called=called).atlas


def _side(name: str, atlas: Atlas) -> Side:
    return Side(name, atlas.catalogue, atlas.sites, atlas.policy)


Called = tuple[Path, str | None]
"""A folder, and what places call it, if not by itself."""


def _folder(stack: ExitStack, data: Path, given: str | None) -> Called:
    """Return the folder of a side.

    Of a name that is both a data folder's and a ref's, neither is guessed: a change that is judged
    could bring a folder with the name of its own base.
    """
    folder = data if given is None else Path(given)
    if given is None:
        return folder, None
    ref, _, path = given.partition(":")
    if given and (folder / TOP[0]).is_file():
        if _is_ref(data, ref):
            message = f"{quoted(given)} is a folder and a git ref: "
            raise HistoryError(f"{message}write ./{given} for the folder, or rename it")
        return folder, None
    try:
        here = repository(data)
        return stack.enter_context(checked_out(here, ref, path if ":" in given else None))
    except HistoryError:
        if given and folder.is_dir():  # the loader says what it lacks
            return folder, None
        raise


def _is_ref(data: Path, ref: str) -> bool:
    try:
        commit(repository(data), ref)
    except HistoryError:
        return False
    return True


def _read(side: Called, like: Loaded | None, problems: list[Problem]) -> Loaded | None:
    folder, called = side
    try:
        return read(folder, called=called, like=like)
    except DataError as error:
        problems += error.problems
        return None
