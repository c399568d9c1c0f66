"""Product releases: their order. The standard library only."""


def release_key(release: str) -> tuple[int, ...]:
    """Order product releases by their numbers: 9.2 < 10.0 < 2024.06.0, and 10.6 = 10.6.0."""
    numbers = [int(part) for part in release.split(".")]
    while numbers and numbers[-1] == 0:
        numbers.pop()
    return tuple(numbers)
