// A phone has no room for many columns: there each row of such a table is a card, whose cells are
// named by their headings, up to three side by side. Without it the table scrolls.

const COLUMNS = 3; // a table with fewer is read as it is, and so is one that goes into one line
const ACROSS = 6; // parts that a card is divided into
const PLACES = [ // how much goes into so many parts: no longer word, and most texts of the column
  { parts: 2, word: 13, text: 13 },
  { parts: 3, word: 20, text: 40 },
];
const MOST = 0.8;

const words = (cell) => cell.textContent.trim().replace(/\s+/g, " ");

function parts(texts) {
  const longest = Math.max(...texts.flatMap((text) => text.split(" ")).map((word) => word.length));
  const fits = ({ word, text }) =>
    longest <= word && texts.filter((one) => one.length <= text).length >= MOST * texts.length;
  return PLACES.find(fits)?.parts || ACROSS;
}

// Columns side by side as far as they fit, those of one line all as wide.
function lines(widths) {
  const found = [];
  let room = 0;
  for (const [index, width] of widths.entries()) {
    if (width > room) {
      found.push([]);
      room = ACROSS;
    }
    found.at(-1).push(index);
    room -= width;
  }
  return found;
}

for (const table of document.querySelectorAll(".md-typeset table:not([class])")) {
  const headings = [...(table.tHead?.rows[0].cells || [])].map(words);
  if (headings.length < COLUMNS) continue;
  const rows = [...table.tBodies].flatMap((body) => [...body.rows]);
  const columns = headings.map((_, index) => rows.map((row) => row.cells[index]));
  const found = lines(columns.map((cells) => parts(cells.map(words))));
  if (found.length === 1) continue;
  for (const line of found) {
    for (const index of line) {
      for (const cell of columns[index]) {
        cell.dataset.label = headings[index];
        cell.style.gridColumn = `span ${ACROSS / line.length}`;
      }
    }
  }
  // What is not laid out as a table keeps the roles of one.
  for (const [selector, role] of [["thead, tbody", "rowgroup"], ["tr", "row"], ["th", "columnheader"], ["td", "cell"]]) {
    for (const element of table.querySelectorAll(selector)) element.setAttribute("role", role);
  }
  table.setAttribute("role", "table");
}
