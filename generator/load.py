"""A data folder to an `Atlas`: the only module that reads data files."""

import gc
import hashlib
import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from generator.article import Article
from generator.catalogue import Catalogue
from generator.folder import TOP, Folder, Page, content, links, pages, strangers
from generator.load_observed import observed
from generator.observed import Observation
from generator.policy import Policy
from generator.problems import DataError, Problem
from generator.rules.every import every
from generator.source import Document, parse
from generator.topology import Site
from generator.validate import article as validate_article
from generator.validate import catalogue as validate_catalogue
from generator.validate import policy as validate_policy
from generator.validate import site as validate_site
from generator.validate import sites as validate_sites


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
    policy: Policy
    pages: tuple[Page, ...]
    files: tuple[DataFile, ...]
    version: str
    observed: Mapping[str, tuple[Observation, ...]] = field(default_factory=dict)


@dataclass(frozen=True)
class Loaded:
    """A data folder as it was read: what it says, and the files that it was read from.

    Files are by their path relative to the folder.
    """

    atlas: Atlas
    contents: Mapping[str, bytes]
    documents: Mapping[str, Document]


def load(folder: Path) -> Atlas:
    """Read and validate a data folder.

    Raises DataError with every problem of every file if anything is wrong.
    """
    return read(folder).atlas


def read(folder: Path, *, called: str | None = None, like: Loaded | None = None) -> Loaded:
    """Read and validate a data folder, as `load` does, and keep what it was read from.

    `called` is put before the relative path of a file wherever a place names it; by default that is
    the folder. What says the same in `like`, to the byte, is taken from there and not read again:
    the catalogue, and with the same catalogue each site.
    """
    with no_collecting():
        return _read(Folder(folder, called), like)


@contextmanager
def no_collecting() -> Iterator[None]:
    """Keep the collector from looking, again and again, at values that all stay."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


def _read(here: Folder, like: Loaded | None) -> Loaded:
    folder = here.path
    contents, documents, problems = _documents(here, like)
    catalogue_path = folder / TOP[0]
    # Without a catalogue its articles are still checked, as far as they can be alone.
    document = documents.get(catalogue_path, Document(here.name(catalogue_path)))
    catalogue, names, found = validate_catalogue.read(document)
    known: Mapping[str, Site] = {}
    if like is not None and document is like.documents.get(TOP[0]):
        catalogue = like.atlas.catalogue
        known = {f"sites/{site.id}.yaml": site for site in like.atlas.sites}
    if catalogue_path in documents:
        problems += _elsewhere(found, problems)
    sound = catalogue_path in documents and not found
    articles: list[Article] = []
    sites: list[Site] = []
    for path, document in documents.items():
        name = here.relative(path)
        if name.startswith("sources/"):
            article, found = validate_article.read(document, path.stem, catalogue, names)
            articles += [article] if article is not None else []
        elif name.startswith("sites/"):
            site = known.get(name) if document is _known(like, name) else None
            found = []
            if site is None:  # against a wrong catalogue only its structure can be judged
                of = catalogue if sound else None
                site, found = validate_site.read(document, path.stem, of)
            sites += [site] if site is not None else []
        else:
            continue
        problems += _elsewhere(found, problems)
    problems += validate_sites.twins(sites, documents.values())
    policy, found = _policy(documents.get(folder / TOP[1]))
    problems += _elsewhere(found, problems)
    seen, found = observed(here, [site.id for site in sites])
    problems += found
    prose, found = pages(here)
    problems += found
    if problems:
        raise DataError(problems)
    files = tuple(
        DataFile(here.relative(path), here.name(path), _text(contents[here.relative(path)]))
        for path in sorted(documents)
    )
    atlas = Atlas(
        catalogue=catalogue,
        articles=tuple(articles),
        sites=tuple(sites),
        policy=policy,
        pages=prose,
        files=files,
        version=_version(folder, documents, prose),
        observed=seen,
    )
    return Loaded(atlas, contents, {here.relative(path): one for path, one in documents.items()})


def load_site(folder: Path, file: Path) -> tuple[Catalogue, Site]:
    """Read one site file, from wherever, against the catalogue of a data folder.

    Raises DataError with the problems of the two.
    """
    (catalogue_document, problems), (document, found) = map(_alone, (folder / TOP[0], file))
    problems += found
    if catalogue_document is None or document is None:
        raise DataError(problems)
    catalogue, _, found = validate_catalogue.read(catalogue_document)
    problems += found
    site, found = validate_site.read(document, "site", None if problems else catalogue)
    if site is None:
        raise DataError(problems + found)
    return catalogue, site


def _alone(path: Path) -> tuple[Document | None, list[Problem]]:
    text, found = content(path, str(path))
    return (None, found) if text is None else _document(Folder(path.parent), path, text, None)


def _known(like: Loaded | None, name: str) -> Document | None:
    return like.documents.get(name) if like is not None else None


def _text(content: bytes) -> str:
    """Return a file's text, whatever its line ends: it has been decoded once already."""
    return content.decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n")


def _documents(
    here: Folder, like: Loaded | None
) -> tuple[dict[str, bytes], dict[Path, Document], list[Problem]]:
    """Read every file there is: what it holds by relative path, its document by path."""
    folder = here.path
    problems, misnamed = strangers(here)
    problems += links(here)
    contents: dict[str, bytes] = {}
    documents: dict[Path, Document] = {}
    below = (
        path for part in ("sources", "sites") for path in sorted((folder / part).glob("*.yaml"))
    )
    for path in (folder / TOP[0], *folder.glob(TOP[1]), *below):
        text, found = here.content(path)
        document = None
        if text is not None:
            contents[here.relative(path)] = text
            document, found = _document(here, path, text, like)
        if path != folder / TOP[0] or not misnamed:
            problems += found
        if document is not None:
            documents[path] = document
    return contents, documents, problems


def _policy(document: Document | None) -> tuple[Policy, list[Problem]]:
    return validate_policy.read(document, every()) if document else (Policy(), [])


def _document(
    here: Folder, path: Path, text: bytes, like: Loaded | None
) -> tuple[Document | None, list[Problem]]:
    """Parse a file, unless it is known to the byte; then its places are those of the known one."""
    relative = here.relative(path)
    known = _known(like, relative)
    if known is not None and like is not None and like.contents[relative] == text:
        return known, []
    return parse(text, here.name(path))


def _elsewhere(found: list[Problem], known: list[Problem]) -> list[Problem]:
    """Leave out what is said of a place of which something is said already."""
    places = {problem.place for problem in known}
    return [problem for problem in found if problem.place not in places]


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
