"""What the tests share: where things are, and the switch that rewrites expectations."""

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import settings

from generator.load import Atlas, load

ROOT = Path(__file__).parent.parent
DATA = ROOT / "data"
CASES = ROOT / "tests" / "cases"

# The same examples in every run: a failure is the change's, not the day's. `fuzz.py` explores.
settings.register_profile("steady", derandomize=True, deadline=None, database=None)
settings.load_profile("steady")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--update", action="store_true", help="rewrite the expected files of the case folders"
    )


@pytest.fixture(scope="session")
def atlas() -> Atlas:
    """The real data, loaded once; values are frozen."""
    return load(DATA)


@pytest.fixture
def expect(request: pytest.FixtureRequest) -> Callable[[Path, str], None]:
    """Compare a text with the expected file; with --update, make it the expected one."""

    def compare(expected: Path, text: str) -> None:
        if request.config.getoption("--update"):
            expected.write_text(text, encoding="utf-8")
        assert expected.is_file(), f"{expected} is missing: run pytest with --update, and read it"
        assert text == expected.read_text(encoding="utf-8")

    return compare
