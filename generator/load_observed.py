"""What check scripts saw, as the data folder keeps it; and the files in which they say it."""

from collections.abc import Iterable, Mapping
from pathlib import Path

from generator.characters import decode
from generator.folder import FILE, Folder, content
from generator.observed import Observation
from generator.observed_lines import document as lines_document
from generator.problems import Place, Problem, did_you_mean, quoted
from generator.source import parse
from generator.validate import observed as validate_observed


def observed(
    here: Folder, sites: list[str]
) -> tuple[Mapping[str, tuple[Observation, ...]], list[Problem]]:
    """Return what was observed by site: a folder a site, a file a host group."""
    folder = here.path / "observed"
    found: dict[str, list[Observation]] = {}
    problems: list[Problem] = []
    for path in sorted(folder.rglob("*.y*ml")):
        site = path.parent.name
        if path.parent.parent != folder or not FILE.fullmatch(path.name):
            near = ": observed/<site>/<host group>.yaml is"
        elif site not in sites:
            near = f": there is no site {quoted(site)}{did_you_mean(site, sites)}"
        else:
            observations, wrong = _read(here, path)
            problems += wrong
            found.setdefault(site, []).extend(observations)
            continue
        problems.append(Problem(Place(here.name(path), 1, 1), f"is not a file that is read{near}"))
    return {site: tuple(some) for site, some in found.items()}, problems


def _read(here: Folder, path: Path) -> tuple[Iterable[Observation], list[Problem]]:
    held, problems = here.content(path)
    if held is None:
        return (), problems
    quick = _quick(held, here.name(path), path.stem)
    if quick is not None:
        return quick, []
    document, problems = parse(held, here.name(path))
    if document is None:
        return (), problems
    observations, found = validate_observed.read(document, path.stem)
    said = {problem.place for problem in problems}
    return observations, problems + [one for one in found if one.place not in said]


def _quick(content: bytes, file: str, group: str) -> Iterable[Observation] | None:
    """Return the observations of a sound file in the form we write; None if it must be parsed.

    So the places of problems, which take time to keep, are found out only where there are any.
    """
    text, hidden = decode(content, file)
    document = None if text is None or hidden else lines_document(text, file)
    if document is None:
        return None
    observations, problems = validate_observed.read(document, group)
    return None if problems else observations


def contents(paths: Iterable[Path]) -> tuple[list[tuple[str, bytes]], list[str]]:
    """Return files by name with their content, and a line about each that cannot be read."""
    read: list[tuple[str, bytes]] = []
    problems: list[str] = []
    for path in paths:
        held, found = content(path, str(path))
        problems += [f"{path}: {problem.message}" for problem in found]
        read += [] if held is None else [(str(path), held)]
    return read, problems
