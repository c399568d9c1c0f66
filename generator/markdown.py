"""Markdown, escaped: every value from the data passes through `text` or `code`.

Special characters become character references, which no Markdown reader takes for markup, be it
the site's, a Git host's, or one with extensions that we do not know of.
"""

import re
from collections.abc import Iterable, Sequence
from html import escape
from posixpath import dirname, relpath

AHEAD = "{boost: 2}"
"""For a page's `search`: what is about one thing is found before what mentions it."""
FOREMOST = "{boost: 2.4}"
"""For a page's `search`: what is meant is found before what only begins alike."""
BEHIND = "{boost: 0.5}"
"""For a page's `search`: a list of all things is found after the thing itself."""

_SPECIAL = re.compile(r"[\\`*_\[\]{}<>|~^#$&]")
_IN_ADDRESS = re.compile(r"[\\`*\[\]{}()<>|~^' ]|&(?=#?\w+;)")
_STARTS_BLOCK = re.compile(r"(?P<sign>[-+=:!])|(?P<number>\d+)(?P<dot>[.)])")


def _reference(match: re.Match[str]) -> str:
    return f"&#{ord(match[0])};"


def text(value: str) -> str:
    """Return a value as text that is shown as it is, on one line."""
    line = " ".join(value.split())
    shown = _SPECIAL.sub(_reference, line)
    start = _STARTS_BLOCK.match(shown)
    if start is None:
        return shown
    if start["sign"]:
        return f"&#{ord(shown[0])};{shown[1:]}"
    return f"{start['number']}&#{ord(start['dot'])};{shown[start.end() :]}"


def code(value: str) -> str:
    """Return a value as inline code, on one line."""
    line = " ".join(value.split())
    # Within backticks nothing can be escaped, and a table cell ends at any pipe.
    return f"<code>{text(line)}</code>" if re.search(r"[`|&<>]", line) else f"`{line}`"


def data(value: str, label: str) -> str:
    """Return Markdown together with the value that it stands for, for scripts to read."""
    safe = escape(" ".join(value.split())).replace("|", "&#124;")
    return f'<data value="{safe}">{label}</data>'


def link(label: str, target: str) -> str:
    """Return a link; the label is Markdown, the target a path of ours or a checked address."""
    return f"[{label}]({_IN_ADDRESS.sub(_reference, target)})"


def relative(page: str, target: str) -> str:
    """Return the path from one page to a file, both relative to the site's root."""
    file, _, anchor = target.partition("#")
    path = relpath(file, dirname(page) or ".")
    return f"{path}#{anchor}" if anchor else path


def table(headings: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    """Return the lines of a table; cells are Markdown of one line. No rows, no table."""
    lines = [_row(row) for row in rows]
    return [_row(headings), _row(["---"] * len(headings)), *lines, ""] if lines else []


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


def items(entries: Iterable[str]) -> list[str]:
    """Return the lines of a list; entries are Markdown of one line."""
    lines = [f"- {entry}" for entry in entries]
    return [*lines, ""] if lines else []


def front_matter(title: str, description: str, **more: str) -> list[str]:
    """Return a page's front matter; `more` are keys with values that are YAML already."""
    # Themes print both into HTML, unescape the title first, and put either into attributes.
    safe_title = title.translate({60: "‹", 62: "›", 34: "”"}).replace("&", "&amp;")
    lines = [f"title: {_yaml(safe_title)}", f"description: {_yaml(escape(description))}"]
    return ["---", *lines, *(f"{key}: {value}" for key, value in more.items()), "---", ""]


def _yaml(value: str) -> str:
    """Return a value as a double-quoted YAML scalar on one line."""
    line = " ".join(value.split())
    return '"' + line.replace("\\", "\\\\").replace('"', '\\"') + '"'
