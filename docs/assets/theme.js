// What the theme leaves unsaid to a screen reader.

const search = document.querySelector('.md-search[role="dialog"]');
if (search) search.setAttribute("aria-label", "Search");

// Each part of the navigation is named by an empty element; its heading has the name.
for (const part of document.querySelectorAll("nav.md-nav[aria-labelledby]")) {
  const heading = part.querySelector(".md-nav__title");
  if (!heading) continue;
  part.setAttribute("aria-label", heading.textContent.trim());
  part.removeAttribute("aria-labelledby");
}

// The theme makes a landmark of each code block's button, all of one name: buttons need none.
function plain() {
  for (const bar of document.querySelectorAll("nav.md-code__nav")) bar.setAttribute("role", "none");
}

// A table that is wider than the page scrolls: by keyboard, too.
function reachable() {
  for (const table of document.querySelectorAll(".md-typeset__scrollwrap:not([tabindex])")) {
    if (table.scrollWidth <= table.clientWidth) continue;
    table.tabIndex = 0;
    table.setAttribute("role", "group");
    table.setAttribute("aria-label", "Table, wider than the page");
  }
}

addEventListener("load", reachable);
addEventListener("resize", reachable);
addEventListener("toggle", reachable, true); // a fold has no width before it is opened

plain();
new MutationObserver(plain).observe(document.body, { childList: true, subtree: true });
