// Puts each diagram's SVG in the place of its picture: links, tooltips and the theme's colours.
// Where that fails (no script, a page opened from disk) the picture stays.

function inline(image) {
  const address = image.src;
  return fetch(address)
    .then((answer) => (answer.ok ? answer.text() : Promise.reject(answer.status)))
    .then((text) => {
      const svg = new DOMParser().parseFromString(text, "image/svg+xml").documentElement;
      if (svg.nodeName !== "svg") return;
      for (const link of svg.querySelectorAll("a")) {
        const target = link.getAttribute("href") || link.getAttributeNS("http://www.w3.org/1999/xlink", "href");
        if (!target) continue;
        // Written relative to the SVG, shown on a page elsewhere.
        link.removeAttributeNS("http://www.w3.org/1999/xlink", "href");
        link.setAttribute("href", new URL(target, address).pathname);
      }
      const figure = document.createElement("div");
      figure.className = "atlas-diagram";
      figure.append(svg);
      const link = image.closest("a");
      (image.closest("p") || link || image).replaceWith(figure);
      if (link) {
        const whole = document.createElement("a");
        whole.href = link.href;
        whole.className = "atlas-whole";
        whole.textContent = "Open the diagram by itself";
        figure.after(whole);
      }
    })
    .catch(() => {});
}

for (const image of document.querySelectorAll('img[src*="diagrams/"][src$=".svg"]')) inline(image);
