"""A second product is another data folder, and nothing else."""

import re

import pytest

from generator.examples.read import catalogue
from generator.load import load

from ..examples import DATA
from ..site.links import problems
from ..site.workspace import TINY, Workspace, lighthouse

NUMBERS = ("4711", "4712", "4713", "4720-4723", "4730")
COMPONENTS = ("clockwork", "horn", "keeper", "lamp")
FOREIGN = re.compile(
    r"cloudbees|ectool|electric|commander|zookeeper|jenkins|opensearch|elasticsearch|kbec", re.I
)


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    made = lighthouse(tmp_path_factory.mktemp("tiny"))
    made.build()
    made.mkdocs()
    return made


def test_every_number_and_component_has_its_page(workspace: Workspace) -> None:
    for folder, names in (("ports", NUMBERS), ("components", COMPONENTS)):
        pages = {path.parent.name for path in (workspace.site / folder).glob("*/index.html")}
        assert pages == set(names)


def test_every_component_with_connections_has_its_diagram(workspace: Workspace) -> None:
    drawn = {path.stem for path in (workspace.site / "diagrams").iterdir()}
    assert drawn == {*COMPONENTS, "overview", "everything"}


def test_there_is_no_page_about_articles(workspace: Workspace) -> None:
    assert not (workspace.site / "sources").exists()
    assert workspace.json("api/v1/article.json") == {"schema": 1, "rows": []}


def test_nothing_of_the_first_product_is_in_it(workspace: Workspace) -> None:
    """Neither its words nor its facts; the schemas are the generator's, examples and all.

    The product of the rules' examples is made up: that it has a load balancer, too, is no fact.
    """
    first = load(DATA).catalogue
    facts = {
        *(port.purpose for port in first.ports.values()),
        *(component.description for component in first.components.values()),
        *(source.url for source in first.sources.values() if source.url),
        *(name for name in (*first.ports, *first.components) if "-" in name),
    }
    facts -= {*catalogue().ports, *catalogue().components}
    for path, content in workspace.generated().items():
        text = content.decode()
        assert not FOREIGN.search(path + text), path
        assert not [fact for fact in facts if fact in text], path


def test_the_built_site_does_not_name_the_first_product(workspace: Workspace) -> None:
    """The page about keeping a catalogue is the one that may take examples from it."""
    for path in workspace.site.rglob("*.html"):
        if "guide" not in path.parts:
            assert not FOREIGN.search(path.read_text("utf-8")), path


def test_every_link_leads_somewhere(workspace: Workspace) -> None:
    assert problems(workspace.site) == []


def test_the_two_products_share_no_number() -> None:
    """Or the tests above would prove less than they say."""
    first, second = load(DATA).catalogue, load(TINY / "data").catalogue
    assert not {
        (one.numbers, other.numbers)
        for one in first.ports.values()
        for other in second.ports.values()
        if one.numbers.overlaps(other.numbers)
    }
