"""Walks a built site: every link, anchor and asset, in HTML, SVG, CSS and JSON."""

import json
import re
import xml.etree.ElementTree as ET
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urljoin, urlsplit

XLINK = "{http://www.w3.org/1999/xlink}href"
BASE = "http://site.invalid"
LOADED_BY_REL = {"stylesheet", "icon", "preload", "modulepreload", "manifest", "prefetch"}
CSS_URL = re.compile(r"""url\(\s*['"]?([^'")]+)['"]?\s*\)|@import\s+['"]([^'"]+)""")


@dataclass
class Found(HTMLParser):
    """What a page refers to: links that a reader follows, assets that a browser loads."""

    links: list[str] = field(default_factory=list)
    assets: list[str] = field(default_factory=list)
    ids: Counter[str] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        super().__init__()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        for name in ("id", "name"):
            if name in values and (name == "id" or tag == "a"):
                self.ids[values[name]] += 1
        if tag in ("a", "area") and "href" in values:
            self.links.append(values["href"])
        if tag == "link" and LOADED_BY_REL & set(values.get("rel", "").split()):
            self.assets.append(values["href"])
        if tag == "link" and "canonical" not in values.get("rel", ""):
            self.links.append(values["href"])
        for name in ("src", "poster", "data", "background"):
            if name in values and tag != "a":
                self.assets.append(values[name])
        self.assets += [part.split()[0] for part in values.get("srcset", "").split(",") if part]
        self.assets += css_urls(values.get("style", ""))


def css_urls(text: str) -> list[str]:
    return [one or other for one, other in CSS_URL.findall(text)]


@cache
def html(path: Path) -> Found:
    found = Found()
    found.feed(path.read_text("utf-8"))
    found.close()
    return found


@cache
def svg(path: Path) -> Found:
    found = Found()
    for element in ET.parse(path).iter():
        target = element.get("href", element.get(XLINK))
        if target is not None:
            (found.links if element.tag.endswith("}a") else found.assets).append(target)
        if "id" in element.attrib:
            found.ids[element.attrib["id"]] += 1
    return found


def problems(site: Path) -> list[str]:
    """Return everything that leads nowhere or is loaded from elsewhere, a line each."""
    return sorted(set(_problems(site)))


def _problems(site: Path) -> Iterator[str]:
    for path in sorted(site.rglob("*")):
        name = path.relative_to(site).as_posix()
        if path.suffix in (".html", ".svg"):
            yield from _markup(site, name, html(path) if path.suffix == ".html" else svg(path))
        elif path.suffix == ".css":
            for asset in css_urls(path.read_text("utf-8")):
                yield from _asset(site, name, asset)
        elif path.suffix == ".json" and name.startswith("api/"):
            for url in urls(json.loads(path.read_text("utf-8"))):
                if not url.startswith("/"):
                    yield f"{name}: {url} is not an address within the site"
                yield from _link(site, name, url)


def _markup(site: Path, name: str, found: Found) -> Iterator[str]:
    for link in found.links:
        yield from _link(site, name, link)
    for asset in found.assets:
        yield from _asset(site, name, asset)
    for identifier, count in found.ids.items():
        if count > 1:
            yield f"{name}: {count} times #{identifier}"


def urls(data: object) -> Iterator[str]:
    """Yield every `url` of a document."""
    if isinstance(data, dict):
        for key, value in data.items():
            if key == "url" and isinstance(value, str):
                yield value
            yield from urls(value)
    elif isinstance(data, list):
        for value in data:
            yield from urls(value)


def _link(site: Path, name: str, link: str) -> Iterator[str]:
    address = urlsplit(urljoin(_url(name), link))
    if f"{address.scheme}://{address.netloc}" != BASE:
        if address.scheme not in ("http", "https", "mailto"):
            yield f"{name}: {link} is no link"
        return
    target = _file(site, address.path)
    if target is None:
        yield f"{name}: {link} leads nowhere"
    elif address.fragment and target.suffix in (".html", ".svg"):
        found = html(target) if target.suffix == ".html" else svg(target)
        if unquote(address.fragment) not in found.ids:
            yield f"{name}: {link} has no such anchor"


def _asset(site: Path, name: str, asset: str) -> Iterator[str]:
    if asset.startswith(("data:", "#")):
        return
    address = urlsplit(urljoin(_url(name), asset))
    if f"{address.scheme}://{address.netloc}" != BASE:
        yield f"{name}: {asset} is loaded from elsewhere"
    elif _file(site, address.path) is None:
        yield f"{name}: {asset} is missing"


def _url(name: str) -> str:
    """Return the address at which a file is seen: a page at its folder's, the rest at its own."""
    folder, _, file = name.rpartition("/")
    return f"{BASE}/{folder}/" if file == "index.html" and folder else f"{BASE}/{name}"


def _file(site: Path, path: str) -> Path | None:
    file = site / unquote(path).lstrip("/")
    if path.endswith("/"):
        file /= "index.html"
    return file if file.is_file() else None
