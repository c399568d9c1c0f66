"""The whole real site, built once, and a server of it."""

from collections.abc import Iterator

import pytest

from . import browser
from .workspace import Workspace, product, served


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
    """A browser; the test is left out where there is none."""
    with browser.launched() as found:
        yield found
