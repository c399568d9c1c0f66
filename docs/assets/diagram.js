// Puts each diagram's SVG in the place of its picture (links, tooltips, the theme's colours), and
// lets it fill the window. Where that fails (no script) the picture stays, with the list below it.
// The list is what keyboards and screen readers use, so the drawing keeps out of their way.

const XLINK = "http://www.w3.org/1999/xlink";

function make(tag, attributes, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children);
  return element;
}

async function load(image) {
  const address = image.src;
  const answer = await fetch(address);
  if (!answer.ok) return;
  const svg = new DOMParser().parseFromString(await answer.text(), "image/svg+xml").documentElement;
  if (svg.nodeName !== "svg") return;
  for (const link of svg.querySelectorAll("a")) {
    const target = link.getAttribute("href") || link.getAttributeNS(XLINK, "href");
    if (!target) continue;
    // Written relative to the SVG, shown on a page elsewhere.
    link.removeAttributeNS(XLINK, "href");
    link.setAttribute("href", new URL(target, address).href);
  }
  const link = image.closest("a");
  show(svg, image.alt, address, image.closest("p") || link || image);
}

function show(svg, title, address, place) {
  svg.setAttribute("aria-hidden", "true");
  for (const link of svg.querySelectorAll("a")) link.setAttribute("tabindex", "-1");
  const name = `Diagram: ${title}. The same follows as a list.`;
  const figure = make("div", { class: "atlas-diagram", role: "group", "aria-label": name }, svg);
  const enlarge = make("button", { type: "button", "aria-haspopup": "dialog" }, "Enlarge");
  const alone = make("a", { href: address }, "Open by itself");
  enlarge.addEventListener("click", () => fill(figure, svg, title));
  place.replaceWith(make("p", { class: "atlas-actions" }, enlarge, alone), figure);
  // A tall one is turned on paper, which lies across.
  figure.classList.toggle("tall", svg.viewBox.baseVal.height > 1.3 * svg.viewBox.baseVal.width);
  // Who cannot drag must be able to scroll it; who need not, has no stop here. While there is more
  // to the right, the drawing fades out there.
  const measure = () => {
    if (figure.scrollWidth > figure.clientWidth) figure.setAttribute("tabindex", "0");
    else figure.removeAttribute("tabindex");
    const rest = figure.scrollWidth - figure.clientWidth - figure.scrollLeft;
    figure.classList.toggle("more", rest > 1);
  };
  new ResizeObserver(measure).observe(figure);
  figure.addEventListener("scroll", measure, { passive: true });
}

// The drawing itself moves into the dialog and back: its ids stay unique. The browser gives the
// dialog Escape, keeps the focus inside, and gives it back to the button.
function fill(figure, svg, title) {
  const button = (label, text) => make("button", { type: "button", "aria-label": label, title: label }, text);
  const out = button("Smaller (-)", "\u2212");
  const fit = button("Fit the window (0)", "Fit");
  const into = button("Larger (+)", "+");
  const close = button("Close (Escape)", "\u2715");
  const view = make("div", { class: "atlas-view", tabindex: "0", role: "group", "aria-label": "The diagram: scroll with the arrow keys" });
  const bar = make("div", { class: "atlas-bar" }, make("strong", {}, title), out, fit, into, close);
  const dialog = make("dialog", { class: "atlas-window", "aria-label": title }, bar, view);

  const { width, height } = svg.viewBox.baseVal;
  const fitting = () => Math.min(view.clientWidth / width, view.clientHeight / height);
  let zoom = 1; // 1 is the whole drawing
  const set = (value) => {
    const middle = [view.scrollLeft + view.clientWidth / 2, view.scrollTop + view.clientHeight / 2];
    const factor = Math.min(8, Math.max(1, value)) / zoom;
    zoom *= factor;
    svg.style.width = `${Math.floor(width * fitting() * zoom)}px`;
    view.scrollTo(middle[0] * factor - view.clientWidth / 2, middle[1] * factor - view.clientHeight / 2);
  };
  const refit = () => set(zoom);
  out.addEventListener("click", () => set(zoom / 1.4));
  fit.addEventListener("click", () => set(1));
  into.addEventListener("click", () => set(zoom * 1.4));
  close.addEventListener("click", () => dialog.close());
  dialog.addEventListener("keydown", (event) => {
    event.stopPropagation(); // the theme has shortcuts of its own
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const action = { "+": into, "=": into, "-": out, 0: fit }[event.key];
    if (action) action.click();
  });
  dialog.addEventListener("close", () => {
    window.removeEventListener("resize", refit);
    svg.style.width = "";
    figure.append(svg);
    dialog.remove();
  });
  window.addEventListener("resize", refit);
  document.body.append(dialog);
  view.append(svg);
  dialog.showModal();
  view.focus();
  set(1 / fitting()); // large enough to read, even on a phone
  view.scrollTo(0, 0);
}

for (const image of document.querySelectorAll('img[src*="diagrams/"][src$=".svg"]')) load(image).catch(() => {});
// The offline edition has the drawings in its pages: from disk nothing can be fetched.
for (const place of document.querySelectorAll(".atlas-inline")) {
  show(place.querySelector("svg"), place.dataset.title, place.dataset.file, place.closest("p") || place);
}
