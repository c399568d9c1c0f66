"""A data folder to an `Atlas`: the only module that reads data files."""

import errno
import hashlib
import json
import re
from dataclasses import dataclass
from pathlib import Path

from generator.article import Article
from generator.catalogue import Catalogue
from generator.characters import decode
from generator.policy import Policy
from generator.problems import DataError, Place, Problem, did_you_mean, quoted
from generator.rules import every
from generator.source import Document, parse
from generator.topology import Site
from generator.validate import article as validate_article
from generator.validate import catalogue as validate_catalogue
from generator.validate import policy as validate_policy
from generator.validate import site as validate_site

_FILE = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*\.yaml")
"""What a file of an article or a site is called: its name is an id, and part of addresses."""

TOP = ("ports.yaml", "policy.yaml")
"""The files at the top of a folder: the catalogue, and the policy that it may have."""


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
    """Everything a data folder says. `version` is a hash of its content, not of its layout."""

    catalogue: Catalogue
    articles: tuple[Article, ...]
    sites: tuple[Site, ...]
    policy: Policy
    pages: tuple[Page, ...]
    files: tuple[DataFile, ...]
    version: str


def load(folder: Path) -> Atlas:
    """Read and validate a data folder.

    Raises DataError with every problem of every file if anything is wrong.
    """
    catalogue_path, policy_path = (folder / name for name in TOP)
    problems, misnamed = _strangers(folder)
    documents: dict[Path, Document] = {}
    article_paths = sorted((folder / "sources").glob("*.yaml"))
    site_paths = sorted((folder / "sites").glob("*.yaml"))
    for path in (catalogue_path, *folder.glob(policy_path.name), *article_paths, *site_paths):
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
    policy, found = _policy(documents.get(policy_path))
    problems += _elsewhere(found, problems)
    pages, found = _pages(folder / "pages")
    problems += found
    if problems:
        raise DataError(problems)
    files = tuple(
        DataFile(path.relative_to(folder).as_posix(), str(path), path.read_text("utf-8-sig"))
        for path in sorted(documents)
    )
    return Atlas(
        catalogue=catalogue,
        articles=tuple(articles),
        sites=tuple(sites),
        policy=policy,
        pages=pages,
        files=files,
        version=_version(folder, documents, pages),
    )


def load_site(folder: Path, file: Path) -> tuple[Catalogue, Site]:
    """Read one site file, from wherever, against the catalogue of a data folder.

    Raises DataError with every problem of the two.
    """
    catalogue_path = folder / "ports.yaml"
    document, problems = _document(catalogue_path)
    catalogue, _, found = validate_catalogue.read(document or Document(str(catalogue_path)))
    if document is not None:
        problems += found
    document, found = _document(file)
    problems += found
    site: Site | None = None
    if document is not None and not problems:
        site, problems = validate_site.read(document, "site", catalogue)
    if site is None:
        raise DataError(problems)
    return catalogue, site


def _twins(sites: list[Site], documents: dict[Path, Document]) -> list[Problem]:
    """Report sites of one title: a copy that nobody has renamed yet."""
    first: dict[str, str] = {}
    places = {document.file: document.value_place(("title",)) for document in documents.values()}
    return [
        Problem(places[site.place.file], f"title: is that of {quoted(other)} already")
        for site in sites
        if (other := first.setdefault(site.title.casefold(), site.id)) != site.id
    ]


def _policy(document: Document | None) -> tuple[Policy, list[Problem]]:
    return validate_policy.read(document, every()) if document else (Policy(), [])


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
        if path.name in TOP and path in here:
            continue
        lacking = [name for name in TOP if path in here and folder / name not in here]
        near = did_you_mean(path.name, lacking)
        if path not in here:
            near = ": its name is to be an id, lower-case words joined by hyphens, and .yaml"
        misnamed = misnamed or (path in here and TOP[0] in near)
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
