"""The folder of a review: which pictures are in the page, and which are files beside it."""

import pytest

from generator.catalogue import Catalogue
from generator.diff.review import Review
from generator.export import diff_folder
from generator.export.diff_folder import PAGE, folder, pictures
from generator.load import Atlas

from .reviews import both, changed, issue, reviewed


@pytest.fixture(scope="module")
def catalogue(atlas: Atlas) -> Catalogue:
    return atlas.catalogue


@pytest.fixture(scope="module")
def review(catalogue: Catalogue) -> Review:
    """Three sites: the second has an error, the others lose a crossing."""
    before, after = changed("multi-geo", issue)
    milder = changed("multi-geo", lambda data: data["options"].pop("directory"))[1]
    return reviewed(
        catalogue,
        {"a": before, "b": before, "c": before},
        {"a": milder, "b": after, "c": milder},
    )


def page(catalogue: Catalogue, review: Review, *, every: bool) -> tuple[str, set[str]]:
    some = pictures(review, both(catalogue), every=every)
    drawn = {one.drawing.id: f"<svg>{one.drawing.id}</svg>" for one in some}
    files = folder(review, both(catalogue), some, drawn, elsewhere="there")
    return files[PAGE], files.keys() - {PAGE}


def test_the_page_has_the_pictures_of_the_worst_sites(
    catalogue: Catalogue, review: Review, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(diff_folder, "MOST_SITES", 1)
    text, files = page(catalogue, review, every=True)
    assert [text.count(f"<svg>{site}-diff</svg>") for site in "abc"] == [0, 1, 0]
    assert [text.count(f'href="diagrams/{site}-diff.svg"') for site in "abc"] == [1, 0, 1]
    assert {f"diagrams/{site}-{what}.svg" for site in "abc" for what in ("diff", "before")} < files
    sections = [text.index(f'<section id="{site}">') for site in "bac"]
    assert sections == sorted(sections)


def test_a_page_alone_draws_no_more_than_it_shows(
    catalogue: Catalogue, review: Review, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(diff_folder, "MOST_SITES", 1)
    text, _ = page(catalogue, review, every=False)
    assert "<svg>b-diff</svg>" in text
    assert "diagrams/" not in text
    assert text.count("<code>portatlas diff before after --out DIR</code>") == 2
