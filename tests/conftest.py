"""What the tests share: where things are, the examples, a browser, the switch for expectations."""

from collections.abc import Callable, Iterator
from contextlib import chdir
from pathlib import Path
from shutil import which

import pytest
from hypothesis import settings

from generator.load import Atlas, load

from .examples import DATA, ROOT
from .site import browser
from .site.workspace import Workspace, product, served

__all__ = ["CASES", "DATA", "ROOT"]

CASES = ROOT / "tests" / "cases"

# The same examples in every run: a failure is the change's, not the day's. `fuzz.py` explores.
settings.register_profile("steady", derandomize=True, deadline=None, database=None)
settings.load_profile("steady")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--update", action="store_true", help="rewrite the expected files of the case folders"
    )


def pytest_report_header() -> str:
    """Say how far the script for Windows is proven here."""
    if which("pwsh"):
        return "check.ps1: parsed here, and run on the pwsh that is here"
    return "check.ps1: parsed here; no PowerShell here to run it: the workflow's job does"


@pytest.fixture(scope="session", autouse=True)
def _beside_the_examples() -> Iterator[None]:
    """Whatever a test runs without --data reads `data` here: the examples, not the repository's."""
    with chdir(DATA.parent):
        yield


@pytest.fixture(scope="session")
def atlas() -> Atlas:
    """The real catalogue with the example sites, loaded once; values are frozen."""
    return load(DATA)


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """The real product's site, built by the real commands. Not to be changed by a test."""
    workspace = product(tmp_path_factory.mktemp("site"))
    workspace.build()
    workspace.mkdocs()
    return workspace


@pytest.fixture(scope="session")
def address(built: Workspace) -> Iterator[str]:
    """The address at which the built site is served."""
    with served(built.site) as found:
        yield found


@pytest.fixture(scope="session")
def chromium() -> Iterator[browser.Browser]:
    """A browser, one for all; tests are left out where there is none."""
    with browser.launched() as found:
        yield found


@pytest.fixture
def expect(request: pytest.FixtureRequest) -> Callable[[Path, str], None]:
    """Compare a text with the expected file; with --update, make it the expected one."""

    def compare(expected: Path, text: str) -> None:
        if request.config.getoption("--update"):
            expected.write_text(text, encoding="utf-8")
        assert expected.is_file(), f"{expected} is missing: run pytest with --update, and read it"
        assert text == expected.read_text(encoding="utf-8")

    return compare
