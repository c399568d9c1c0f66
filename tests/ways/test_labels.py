"""What a label on a diagram belongs to is plain: its arrow is the nearest, and it can be read."""

import pytest
from playwright.sync_api import expect

from ..site.browser import Browser

pytestmark = [pytest.mark.browser, pytest.mark.site]
SITES = ("clustered", "kubernetes", "multi-geo", "single-server")
FAULTS = """(svg) => {
  const room = (text) => {
    const box = text.getBBox();
    const blank = /^\\s/.test(text.textContent) ? 2.5 : 0; // at both ends of a label
    return {
      left: box.x + blank, right: box.x + box.width - blank,
      top: box.y + 1.5, bottom: box.y + box.height - 1.5,
    };
  };
  const meet = (one, other) => one.left < other.right && other.left < one.right
    && one.top < other.bottom && other.top < one.bottom;
  const away = (points, box) => Math.min(...points.map((point) => Math.hypot(
    Math.max(box.left - point.x, 0, point.x - box.right),
    Math.max(box.top - point.y, 0, point.y - box.bottom),
  )));
  const edges = [...svg.querySelectorAll(".edge[id]")].map((edge) => {
    const path = edge.querySelector("path");
    const points = [];
    for (let at = 0; at <= path.getTotalLength(); at += 3) points.push(path.getPointAtLength(at));
    return { name: edge.id, points, box: room(edge.querySelector("text")) };
  });
  const titles = [...svg.querySelectorAll(".title text")]
    .map((text) => ({ name: text.textContent, box: room(text) }));
  const nodes = [...svg.querySelectorAll(".node path")].map((path) => {
    const { x, y, width, height } = path.getBBox();
    return { name: "a box", box: { left: x, right: x + width, top: y, bottom: y + height } };
  });
  const faults = [];
  for (const [at, edge] of edges.entries()) {
    for (const other of [...edges.slice(at + 1), ...titles, ...nodes]) {
      if (meet(edge.box, other.box)) faults.push(`${edge.name} covers ${other.name}`);
    }
    for (const other of edges) {
      if (away(other.points, edge.box) < away(edge.points, edge.box)) {
        faults.push(`${edge.name} is nearer to ${other.name}`);
      }
    }
    for (const title of titles) {
      if (away(edge.points, title.box) === 0) faults.push(`${edge.name} strikes ${title.name}`);
    }
  }
  return [edges.length, faults];
}"""


@pytest.mark.parametrize("site", SITES)
def test_a_label_is_at_its_own_arrow_and_covers_nothing(
    chromium: Browser, address: str, site: str
) -> None:
    page = chromium.new_page()
    page.goto(f"{address}/sites/{site}/")
    svg = page.locator(".atlas-diagram svg")
    expect(svg).to_be_visible()
    page.evaluate("document.fonts.ready")
    arrows, faults = svg.evaluate(FAULTS)
    assert arrows >= 10
    assert faults == []
    page.close()
