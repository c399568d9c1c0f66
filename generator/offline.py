"""A built site to a zip that is read from disk, its drawings inside its pages.

`python -m generator.offline SITE ZIP`. From `file://` a browser fetches nothing, so what a page of
the published site fetches must be in the page. The drawings are put there after the build: inside
the Markdown each would cost the build of every edition more than this whole step does.
"""

import re
import sys
import xml.etree.ElementTree as ET
import zipfile
from collections.abc import Callable, Iterator
from html import escape, unescape
from pathlib import Path
from posixpath import dirname, join, normpath, relpath

from generator.drawing.geometry import SVG
from generator.drawing.svg import XLINK

LEFT_OUT = ("404.html", "sitemap.xml", "sitemap.xml.gz", "search/search_index.json")
"""What only a web server has a use for. The search has its index in a script, too."""

_PICTURE = re.compile(r'<a href="(?P<file>[^"]+\.svg)"><img\b(?P<attributes>[^>]*)></a>')
_ALT = re.compile(r'\balt="([^"]*)"')


def inline(page: str, html: str, read: Callable[[str], str]) -> str:
    """Return a page with its linked pictures of drawings replaced by the drawings themselves.

    `page` is the path of the page, `read` returns a file's text by its path, both within the site.
    """

    def drawing(match: re.Match[str]) -> str:
        file = unescape(match["file"])
        alt = _ALT.search(match["attributes"])
        svg = _moved(normpath(join(dirname(page), file)), page, read)
        title = alt[1] if alt else ""
        said = f'data-title="{title}" data-file="{escape(file)}"'
        return f'<span class="atlas-inline" {said}>{svg}</span>'

    return _PICTURE.sub(drawing, html)


def _moved(path: str, page: str, read: Callable[[str], str]) -> str:
    """Return the drawing at a path with its links written relative to a page."""
    root = ET.fromstring(read(path))  # noqa: S314 - written by this generator
    for link in root.iter(f"{{{SVG}}}a"):
        target = link.attrib.pop(f"{{{XLINK}}}href", None)
        if target is not None:
            place = normpath(join(dirname(path), target))
            link.set("href", relpath(place, dirname(page) or "."))
    return ET.tostring(root, encoding="unicode").strip()


def entries(site: Path) -> Iterator[tuple[str, bytes]]:
    """Yield path and content of every file of the offline edition, in order."""

    def read(path: str) -> str:
        return (site / path).read_text(encoding="utf-8")

    paths = sorted(p.relative_to(site).as_posix() for p in site.rglob("*") if p.is_file())
    for path in paths:
        if path in LEFT_OUT or path.endswith(".map"):
            continue
        if path.endswith(".html"):
            yield path, inline(path, read(path), read).encode()
        else:
            yield path, (site / path).read_bytes()


def pack(site: Path, out: Path) -> None:
    """Write the zip: one folder, named like the zip; no date of today in it."""
    with zipfile.ZipFile(out, "w") as archive:
        for path, content in entries(site):
            entry = zipfile.ZipInfo(f"{out.stem}/{path}", date_time=(1980, 1, 1, 0, 0, 0))
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.create_system = 3  # Unix, wherever it is made
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, content)


if __name__ == "__main__":
    pack(Path(sys.argv[1]), Path(sys.argv[2]))
