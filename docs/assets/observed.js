// Says which observations are stale today, by the reader's clock; without it the page names the day.

const today = new Date().toISOString().slice(0, 10);
for (const seen of document.querySelectorAll("time[data-stale-from]")) {
  if (seen.dataset.staleFrom > today) continue;
  const says = document.createElement("strong");
  says.className = "atlas-stale";
  says.textContent = "! stale";
  seen.after(" ", says);
}
