"""Pictures in a comment: the text is Mermaid's whatever the data says, and Mermaid draws it."""

import json
import re

import pytest
from hypothesis import given

from generator.diagrams.diff import BUDGET, diff_drawing
from generator.drawing.model import Drawing, Edge, Group, Node
from generator.drawing.together import together
from generator.export.mermaid import MOST_CHARACTERS, MOST_EDGES, label, mermaid
from generator.load import Atlas

from ..render.html import collapsed
from ..render.values import HOSTILE, VALUES
from ..site.browser import Browser
from .reviews import MERMAID, both, changed, issue, reviewed


@given(VALUES)
def test_a_label_has_no_sign_of_its_own(value: str) -> None:
    """Nothing that Mermaid, Markdown or HTML takes for markup, and nothing lost."""
    shown = label(value)
    plain = re.sub(r"#(\d+);", "", shown)
    assert re.fullmatch(r"[A-Za-z0-9 .,\u0080-\U0010ffff]*", plain)
    back = re.sub(r"#(\d+);", lambda m: chr(int(m[1])), shown)
    assert back.replace("\\\u200b", "\\") == (" ".join(value.split()) or " ")


def bare(text: str) -> str:
    return collapsed(text).replace("\u200b", "")


def drawing(values: list[str]) -> Drawing:
    """Return a drawing with a value in each place that shows one."""
    groups = tuple(Group(f"g{index}", value, "segment") for index, value in enumerate(values))
    nodes = tuple(
        Node(f"a{index}", value, value, "product", f"g{index}", "", value)
        for index, value in enumerate(values)
    )
    edges = tuple(
        Edge(
            f"a{index}", "a0", "tls", "solid", f"+ {value}", value, "", f"e{index}", change="added"
        )
        for index, value in enumerate(values)
        if index
    )
    return Drawing("hostile", "hostile", groups, nodes, edges)


DRAW = """async ([source, text]) => {
  const script = document.createElement('script');
  script.textContent = source;
  document.head.append(script);
  mermaid.initialize({startOnLoad: false, securityLevel: 'strict'});
  await mermaid.parse(text);
  const {svg} = await mermaid.render('drawn', text);
  document.body.innerHTML = svg;
  const root = document.querySelector('svg');
  const texts = (chosen) => [...root.querySelectorAll(chosen)].map((one) => one.textContent);
  return {
    nodes: texts('.nodes .node'),
    edges: root.querySelectorAll('.edgePaths path').length,
    labels: texts('g.edgeLabel').filter((text) => text.trim()),
    clusters: texts('.cluster-label'),
    active: root.querySelectorAll('script, img, iframe, i, a, [onclick], [onerror]').length,
  };
}"""


@pytest.mark.browser
def test_mermaid_draws_any_value_as_text(chromium: Browser) -> None:
    page = chromium.new_page()
    values = [value for value in HOSTILE if value.strip() and len(value) < 100]
    values += ["@everyone", "#123", "GH-1", "%%{init: {}}%%", "end", "style n0 fill:#f00", "click"]
    for start in range(0, len(values), 20):
        some = values[start : start + 20]
        drawn = page.evaluate(DRAW, [MERMAID.read_text("utf-8"), mermaid(drawing(some))])
        assert drawn["active"] == 0
        assert drawn["edges"] == len(some) - 1
        shown = [collapsed(value) for value in some]
        assert sorted(map(bare, drawn["clusters"])) == sorted(shown)
        assert sorted(map(bare, drawn["nodes"])) == sorted(f"{v}{v}" for v in shown)
        assert sorted({bare(text) for text in drawn["labels"]}) == sorted(
            f"+ {value}" for value in shown[1:]
        )
    page.close()


@pytest.mark.browser
def test_mermaid_draws_a_review(atlas: Atlas, chromium: Browser) -> None:
    before, after = changed("multi-geo", issue)
    review = reviewed(atlas.catalogue, {"multi-geo": before}, {"multi-geo": after})
    one = together(diff_drawing(both(atlas.catalogue), review.diff.sites[0], context=False).drawing)
    page = chromium.new_page()
    drawn = page.evaluate(DRAW, [MERMAID.read_text("utf-8"), mermaid(one)])
    page.close()
    assert drawn["edges"] == len(one.edges) == 3
    assert sorted(collapsed(t) for t in drawn["labels"]) == [
        "+ 2049 ?",
        "+ 389 clear text",
        "\N{MINUS SIGN} 636",
    ]
    assert any("+ nas-emea" in text for text in drawn["nodes"])


def test_the_budget_is_within_what_hosts_draw() -> None:
    assert BUDGET < MOST_EDGES
    longest = [f"{'x' * 60}&{index}" for index in range(BUDGET + 1)]
    assert len(mermaid(drawing(longest))) < MOST_CHARACTERS
    assert json.dumps(mermaid(drawing(longest)))  # one text, whatever is in it
