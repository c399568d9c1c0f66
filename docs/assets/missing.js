// On the page for addresses that lead nowhere: a number in the address is most likely a port.

const wanted = Number((location.pathname.match(/\d+/g) || []).pop());
const site = new URL("..", document.currentScript.src);

async function guess() {
  const answer = await fetch(new URL("api/v1/ports.json", site));
  const { ports } = await answer.json();
  const port = ports.find(({ numbers }) => {
    const [first, last = first] = numbers.split("-").map(Number);
    return first <= wanted && wanted <= last;
  });
  const place = document.querySelector("#atlas-guess");
  if (!port) {
    place.prepend(`No port ${wanted} is known here. `);
    return;
  }
  const link = document.createElement("a");
  link.href = new URL(port.url.replace(/^\//, ""), site);
  link.textContent = `port ${port.numbers}`;
  place.prepend("Did you look for ", link, "? ");
}

if (wanted) guess().catch(() => {});
