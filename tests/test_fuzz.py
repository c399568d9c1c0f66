"""A part of what `python -m tests.fuzz` does at length."""

from .fuzz import fuzz


def test_broken_data_is_refused_with_lines() -> None:
    for last in fuzz(count=150, seed=20):
        tally = last
    assert tally.tried == 150
    assert tally.refused > tally.loaded > 0
