"""Product releases: what one is, and their order. The standard library only."""

import re


def is_release(text: str) -> bool:
    """Tell whether a text is a release as the schemas have it: one to four numbers with dots."""
    return re.fullmatch(r"[0-9]{1,4}(\.[0-9]{1,4}){0,3}", text) is not None


def release_key(release: str) -> tuple[int, ...]:
    """Order product releases by their numbers: 9.2 < 10.0 < 2024.06.0, and 10.6 = 10.6.0."""
    numbers = [int(part) for part in release.split(".")]
    while numbers and numbers[-1] == 0:
        numbers.pop()
    return tuple(numbers)
