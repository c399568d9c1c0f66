"""What holds between the sites of a data folder."""

from collections.abc import Iterable

from generator.problems import Problem, quoted
from generator.source import Document
from generator.topology import Site


def twins(sites: Iterable[Site], documents: Iterable[Document]) -> list[Problem]:
    """Report sites of one title: a copy that nobody has renamed yet."""
    first: dict[str, str] = {}
    places = {document.file: document.value_place(("title",)) for document in documents}
    return [
        Problem(places[site.place.file], f"title: is that of {quoted(other)} already")
        for site in sites
        if (other := first.setdefault(site.title.casefold(), site.id)) != site.id
    ]
