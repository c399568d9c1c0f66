"""What a page says a second time, or at length: closed until somebody wants it."""

from collections.abc import Iterable


def folded(title: str, lines: Iterable[str]) -> list[str]:
    """Return lines below a title that opens them, or nothing where there is nothing.

    The search finds them, print shows them, and the theme opens them for whoever follows a link.
    """
    inside = list(lines)
    if not inside:
        return []
    return [
        '<details class="atlas-tables" markdown="1">',
        f"<summary>{title}</summary>",
        "",
        *inside,
        "</details>",
        "",
    ]
