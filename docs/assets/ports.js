// Filters, sorts and exports the table of all ports, with the whole state in the address.
// It reads the table and nothing else, so it works from disk; without it the whole table is there.

(() => {
  const place = document.querySelector(".atlas-ports");
  const table = place && place.querySelector("table");
  if (!table) return;

  const body = table.tBodies[0];
  const headings = [...table.tHead.rows[0].cells].map((cell) => cell.textContent.trim());
  const collator = new Intl.Collator("en", { numeric: true, sensitivity: "base" });
  const words = (cell) => cell.textContent.replace(/\s+/g, " ").trim();
  const slug = (heading) => heading.toLowerCase().replace(/\s+/g, "-");

  function make(tag, properties = {}, ...children) {
    const element = Object.assign(document.createElement(tag), properties);
    element.append(...children);
    return element;
  }

  // What a row says, from its cells: `data` elements have the value behind the words.
  const titles = { component: new Map(), encryption: new Map(), requirement: new Map() };
  const rows = [...body.rows].map((row) => {
    const cell = (heading) => row.cells[headings.indexOf(heading)];
    const value = (heading) => cell(heading).querySelector("data")?.value || "";
    const linked = (heading) =>
      [...cell(heading).querySelectorAll("a")].map((link) => {
        const id = link.getAttribute("href").match(/components\/([^/]+)\//)[1];
        titles.component.set(id, words(link));
        return [id, link.closest("data")?.value];
      });
    const [first, last = first] = words(cell("Port")).split("-").map(Number);
    const [since, until] = value("Exists").split("/");
    titles.encryption.set(value("Encryption"), words(cell("Encryption")).split(",")[0]);
    titles.requirement.set(value("Requirement"), words(cell("Requirement")));
    return {
      row, first, last, since, until,
      text: words(row).toLowerCase(),
      listener: linked("Listener")[0][0],
      initiators: new Map(linked("Initiators")),
      encryption: value("Encryption"),
      requirement: value("Requirement"),
    };
  });

  const releases = [...new Set(rows.flatMap((row) => [row.since, row.until]))].filter(Boolean).sort(collator.compare);

  // The controls.
  function choice(name, label, any, options) {
    const sorted = [...options].sort((one, other) => collator.compare(one[1], other[1]));
    const select = make("select", { name }, ...[["", any], ...sorted].map(([value, text]) => make("option", { value }, text)));
    return make("label", {}, label, select);
  }
  const summary = make("summary");
  const facets = make(
    "details", { className: "atlas-facets" },
    summary,
    make(
      "div", {},
      choice("component", "Component", "any", titles.component),
      choice("role", "Role", "listens or connects", [["connects", "connects"], ["listens", "listens"]]),
      choice("encryption", "Encryption", "any", titles.encryption),
      choice("requirement", "Requirement", "any", titles.requirement),
      make(
        "label", {}, "Release",
        make("input", { name: "release", placeholder: releases.at(-1) || "", autocomplete: "off" }),
        make("datalist", { id: "atlas-releases" }, ...releases.map((value) => make("option", { value }))),
      ),
    ),
  );
  const count = make("output");
  const download = make("button", { type: "button", className: "md-button" }, "Download as CSV");
  const clear = make("button", { type: "button", className: "md-button" }, "Clear");
  const form = make(
    "form", { className: "atlas-filter" },
    make("label", {}, "Filter", make("input", { type: "search", name: "filter", placeholder: "number or word", autocomplete: "off" })),
    facets,
    make("div", { className: "atlas-result" }, count, download, clear),
  );
  form.setAttribute("aria-label", "Filter the ports");
  form.elements.release.setAttribute("list", "atlas-releases");
  count.setAttribute("aria-live", "polite");
  place.prepend(form);
  const names = ["filter", "component", "role", "encryption", "requirement", "release"];
  const state = () => Object.fromEntries(names.map((name) => [name, form.elements[name].value.trim()]));
  let order = "";

  // Headings sort.
  [...table.tHead.rows[0].cells].forEach((cell, index) => {
    const button = make("button", { type: "button" }, headings[index]);
    button.addEventListener("click", () => {
      const name = slug(headings[index]);
      const now = order || slug(headings[0]);
      order = now === name ? `-${name}` : name;
      if (order === slug(headings[0])) order = "";
      show();
      remember();
    });
    cell.replaceChildren(button);
  });

  // Which rows are shown.
  const compare = (one, other) => {
    const parts = [one, other].map((release) => release.split(".").map(Number));
    for (let i = 0; i < Math.max(parts[0].length, parts[1].length); i++) {
      const difference = (parts[0][i] || 0) - (parts[1][i] || 0);
      if (difference) return difference;
    }
    return 0;
  };
  const isRelease = (text) => /^\d+(\.\d+)*$/.test(text);

  function matches(row, { filter, component, role, encryption, requirement, release }) {
    const named = (term) =>
      row.text.includes(term) || (/^\d+$/.test(term) && row.first <= Number(term) && Number(term) <= row.last);
    const listens = component ? row.listener === component : true;
    const connects = component ? row.initiators.has(component) : row.initiators.size > 0;
    const needs = new Set();
    if (role !== "connects" && listens) needs.add(row.requirement);
    if (role !== "listens") {
      for (const [id, own] of row.initiators) if (!component || id === component) needs.add(own || row.requirement);
    }
    return (
      filter.toLowerCase().split(/[\s/,]+/).every(named) &&
      (role === "listens" ? listens : role === "connects" ? connects : listens || connects) &&
      (!encryption || row.encryption === encryption) &&
      (!requirement || needs.has(requirement)) &&
      (!isRelease(release) ||
        ((!row.since || compare(row.since, release) <= 0) && (!row.until || compare(release, row.until) < 0)))
    );
  }

  function show() {
    const wanted = state();
    for (const row of rows) row.row.hidden = !matches(row, wanted);
    const name = (order || slug(headings[0])).replace(/^-/, "");
    const index = Math.max(0, headings.findIndex((heading) => slug(heading) === name));
    const sign = order.startsWith("-") ? -1 : 1;
    const sorted = [...rows].sort((one, other) =>
      sign * collator.compare(words(one.row.cells[index]), words(other.row.cells[index])));
    body.append(...sorted.map((row) => row.row));
    [...table.tHead.rows[0].cells].forEach((cell, i) => {
      if (i === index) cell.setAttribute("aria-sort", sign < 0 ? "descending" : "ascending");
      else cell.removeAttribute("aria-sort");
    });

    const shown = rows.filter((row) => !row.row.hidden).length;
    const odd = wanted.release && !isRelease(wanted.release);
    form.elements.release.setAttribute("aria-invalid", String(Boolean(odd)));
    count.replaceChildren(`${shown} of ${rows.length} ports`, odd ? `; “${wanted.release}” is not a release` : "");
    if (!shown && wanted.filter) {
      const address = `?q=${encodeURIComponent(wanted.filter)}`;
      count.append(". ", make("a", { href: address }, `Search the whole site for “${wanted.filter}”`));
    }
    const set = names.slice(1).map((key) => form.elements[key]).filter((control) => control.value);
    const said = set.map((control) => (control.options ? control.selectedOptions[0].text : control.value));
    summary.textContent = said.join(", ") || "Component, encryption, release …";
    clear.hidden = !order && names.every((key) => !wanted[key]);
    download.disabled = !shown;
  }

  // The address has the state; typing on in one box makes one step back, not one a letter.
  let typing = "";
  function remember(box = "") {
    const parameters = new URLSearchParams(location.search);
    for (const [name, value] of Object.entries({ ...state(), sort: order, h: "" })) {
      if (value) parameters.set(name, value);
      else parameters.delete(name);
    }
    const search = `?${parameters}`.replace(/^\?$/, "");
    if (search === location.search) return;
    const how = box && box === typing ? "replaceState" : "pushState";
    typing = box;
    try {
      history[how](null, "", location.pathname + search + location.hash);
    } catch {
      // A browser that keeps the address of a page from disk as it is.
    }
  }

  function recall() {
    const parameters = new URLSearchParams(location.search);
    for (const name of names) {
      const value = parameters.get(name) || "";
      const control = form.elements[name];
      control.value = value;
      if (control.value !== value && control.options) {
        control.append(make("option", { value }, `${value} (unknown)`));
        control.value = value;
      }
    }
    order = parameters.get("sort") || "";
    typing = "";
    show();
  }

  // A spreadsheet runs what begins with one of these signs.
  const cell = (text) => `"${(/^[=+\-@＝＋－＠]/.test(text) ? `'${text}` : text).replaceAll('"', '""')}"`;
  const line = (texts) => `${texts.map(cell).join(",")}\r\n`;

  download.addEventListener("click", () => {
    const lines = [...body.rows].filter((row) => !row.hidden).map((row) => line([...row.cells].map(words)));
    const text = `\ufeff${line(headings)}${lines.join("")}`;
    const parts = ["ports", ...Object.values(state())].filter(Boolean).join(" ").toLowerCase();
    const link = make("a", {
      href: URL.createObjectURL(new Blob([text], { type: "text/csv" })),
      download: `${parts.replace(/[^a-z0-9.]+/g, "-")}.csv`,
    });
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 1000);
  });
  clear.addEventListener("click", () => {
    for (const name of names) form.elements[name].value = "";
    order = "";
    show();
    remember();
    form.elements.filter.focus();
  });
  form.addEventListener("input", (event) => {
    show();
    remember(event.target.tagName === "INPUT" ? event.target.name : "");
  });
  form.addEventListener("submit", (event) => event.preventDefault());
  addEventListener("popstate", recall);
  const wide = matchMedia("(min-width: 45em)");
  const unfold = () => (facets.open = wide.matches);
  wide.addEventListener("change", unfold);
  unfold();
  recall();
})();
