"""A data folder to an `Atlas`: the only module that reads data files."""

import errno
import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from generator.article import Article
from generator.catalogue import Catalogue
from generator.characters import decode
from generator.observed import Observation
from generator.problems import DataError, Place, Problem, did_you_mean, quoted
from generator.source import Document, parse
from generator.topology import Site
from generator.validate import article as validate_article
from generator.validate import catalogue as validate_catalogue
from generator.validate import observed as validate_observed
from generator.validate import site as validate_site

_FILE = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*\.yaml")
"""What a file of an article or a site is called: its name is an id, and part of addresses."""


@dataclass(frozen=True)
class Page:
    """A page of prose that belongs to the product; `path` is relative to the site's root."""

    path: str
    name: str
    text: str


@dataclass(frozen=True)
class DataFile:
    """A data file as it stands, to be shown line by line.

    `path` is relative to the folder; `name` is what places in it call it.
    """

    path: str
    name: str
    text: str


@dataclass(frozen=True)
class Atlas:
    """Everything a data folder says. `version` is a hash of its content, not of its layout.

    What was observed, by site, is not part of it: it is what became of a version.
    """

    catalogue: Catalogue
    articles: tuple[Article, ...]
    sites: tuple[Site, ...]
    pages: tuple[Page, ...]
    files: tuple[DataFile, ...]
    version: str
    observed: Mapping[str, tuple[Observation, ...]] = field(default_factory=dict)


def load(folder: Path) -> Atlas:
    """Read and validate a data folder.

    Raises DataError with every problem of every file if anything is wrong.
    """
    catalogue_path = folder / "ports.yaml"
    problems, misnamed = _strangers(folder)
    documents: dict[Path, Document] = {}
    article_paths = sorted((folder / "sources").glob("*.yaml"))
    site_paths = sorted((folder / "sites").glob("*.yaml"))
    for path in (catalogue_path, *article_paths, *site_paths):
        document, found = _document(path)
        if path != catalogue_path or not misnamed:
            problems += found
        if document is not None:
            documents[path] = document

    # Without a catalogue its articles are still checked, as far as they can be alone.
    document = documents.get(catalogue_path, Document(str(catalogue_path)))
    catalogue, names, found = validate_catalogue.read(document)
    if catalogue_path in documents:
        problems += _elsewhere(found, problems)
    sound = catalogue_path in documents and not found
    articles: list[Article] = []
    for path in filter(documents.get, article_paths):
        document = documents[path]
        article, found = validate_article.read(document, path.stem, catalogue, names)
        problems += _elsewhere(found, problems)
        if article is not None:
            articles.append(article)
    sites: list[Site] = []
    for path in filter(documents.get, site_paths):
        # Against a wrong catalogue only its structure can be judged.
        site, found = validate_site.read(documents[path], path.stem, catalogue if sound else None)
        problems += _elsewhere(found, problems)
        if site is not None:
            sites.append(site)
    problems += _twins(sites, documents)
    observed, found = _observed(folder / "observed", [path.stem for path in site_paths])
    problems += found
    pages, found = _pages(folder / "pages")
    problems += found
    if problems:
        raise DataError(problems)
    files = tuple(
        DataFile(path.relative_to(folder).as_posix(), str(path), path.read_text("utf-8-sig"))
        for path in sorted(documents)
    )
    version = _version(folder, documents, pages)
    return Atlas(catalogue, tuple(articles), tuple(sites), pages, files, version, observed)


def read_all(paths: Iterable[Path]) -> tuple[list[tuple[str, bytes]], list[str]]:
    """Return files by name with their content, and a line about each that cannot be read."""
    contents: list[tuple[str, bytes]] = []
    problems: list[str] = []
    for path in paths:
        content, found = _bytes(path)
        problems += [f"{path}: {problem.message}" for problem in found]
        contents += [] if content is None else [(str(path), content)]
    return contents, problems


def _observed(
    folder: Path, sites: list[str]
) -> tuple[dict[str, tuple[Observation, ...]], list[Problem]]:
    """Return what was observed by site: a folder a site, a file a host group."""
    found: dict[str, list[Observation]] = {}
    problems: list[Problem] = []
    for path in sorted(folder.rglob("*.y*ml")):
        site = path.parent.name
        if path.parent.parent != folder or not _FILE.fullmatch(path.name):
            near = ": observed/<site>/<host group>.yaml is"
        elif site not in sites:
            near = f": there is no site {quoted(site)}{did_you_mean(site, sites)}"
        else:
            document, wrong = _document(path)
            problems += wrong
            if document is not None:
                observations, wrong = validate_observed.read(document, path.stem)
                problems += _elsewhere(wrong, problems)
                found.setdefault(site, []).extend(observations)
            continue
        problems.append(Problem(Place(str(path), 1, 1), f"is not a file that is read{near}"))
    return {site: tuple(some) for site, some in found.items()}, problems


def _twins(sites: list[Site], documents: dict[Path, Document]) -> list[Problem]:
    """Report sites of one title: a copy that nobody has renamed yet."""
    first: dict[str, str] = {}
    places = {document.file: document.value_place(("title",)) for document in documents.values()}
    return [
        Problem(places[site.place.file], f"title: is that of {quoted(other)} already")
        for site in sites
        if (other := first.setdefault(site.title.casefold(), site.id)) != site.id
    ]


def _document(path: Path) -> tuple[Document | None, list[Problem]]:
    text, found = _bytes(path)
    return (None, found) if text is None else parse(text, str(path))


def _bytes(path: Path) -> tuple[bytes | None, list[Problem]]:
    try:
        return _content(path), []
    except OSError as error:
        reason = (error.strerror or "cannot be read").lower()
        return None, [Problem(Place(str(path), 1, 1), reason)]


def _content(path: Path) -> bytes:
    if path.is_fifo() or path.is_char_device():  # reading it would not end
        raise OSError(errno.EINVAL, "is no file")
    return path.read_bytes()


def _elsewhere(found: list[Problem], known: list[Problem]) -> list[Problem]:
    """Leave out what is said of a place of which something is said already."""
    places = {problem.place for problem in known}
    return [problem for problem in found if problem.place not in places]


def _strangers(folder: Path) -> tuple[list[Problem], bool]:
    """Report YAML files that nothing would read: a wrong name must not go unnoticed.

    Tell also whether one of them is the missing `ports.yaml`, by the look of its name.
    """
    problems: list[Problem] = []
    misnamed = False
    here = sorted(folder.glob("*.y*ml"))
    below = (*folder.glob("sources/*.y*ml"), *folder.glob("sites/*.y*ml"))
    for path in (*here, *sorted(path for path in below if not _FILE.fullmatch(path.name))):
        if path.name == "ports.yaml" and path in here:
            continue
        lacks_one = path in here and folder / "ports.yaml" not in here
        near = did_you_mean(path.name, ["ports.yaml"]) if lacks_one else ""
        if path not in here:
            near = ": its name is to be an id, lower-case words joined by hyphens, and .yaml"
        misnamed = misnamed or (bool(near) and path in here)
        problems.append(Problem(Place(str(path), 1, 1), f"is not a file that is read{near}"))
    return problems, misnamed


def _pages(folder: Path) -> tuple[tuple[Page, ...], list[Problem]]:
    pages: list[Page] = []
    problems: list[Problem] = []
    for path in sorted(folder.rglob("*.md")):
        raw, found = _bytes(path)
        if raw is not None:
            text, found = decode(raw, str(path))
            if text is not None:  # prose may have joiners and the like
                address = path.relative_to(folder).as_posix()
                pages.append(Page(address, str(path), text.replace("\r\n", "\n")))
                continue
        problems += found
    return tuple(pages), problems


def _version(folder: Path, documents: dict[Path, Document], pages: tuple[Page, ...]) -> str:
    content = {
        "data": {
            path.relative_to(folder).as_posix(): document.data
            for path, document in documents.items()
        },
        "pages": {page.path: page.text for page in pages},
    }
    canonical = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()[:16]
