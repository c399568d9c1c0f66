"""Markdown for a comment on a Git host, where values must not ping anybody or link anything.

Hosts look for mentions and references in what is shown, so character references do not keep them
off: a zero-width space behind the sign does.
"""

import re
from collections.abc import Sequence

from generator import markdown

code = markdown.code
table = markdown.table

_REFERENCE = re.compile(r"([@#!$~%&^])(?=\w)|(?i:\b(GH|www|[a-z]+:/))(?=[-./])")
_BREAK = "\u200b"


def prose(value: str) -> str:
    """Return a value as text that is shown as it is, mentions nobody and refers to nothing."""
    return markdown.text(_REFERENCE.sub(lambda m: f"{m[0]}{_BREAK}", value))


def folded(summary: str, lines: Sequence[str]) -> list[str]:
    """Return lines that are folded away behind a summary, itself Markdown-free."""
    return ["<details>", f"<summary>{prose(summary)}</summary>", "", *lines, "</details>", ""]
