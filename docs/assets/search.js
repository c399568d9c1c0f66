// Lets the search box take a flag as it stands on a command line. The search engine reads
// leading dashes as "without this word", or gives up; here "--name" means the word "name".

(() => {
  const box = document.querySelector("input.md-search__input");
  const native = Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, "value");
  if (!box || !native) return;
  const plain = (text) => text.replace(/(^|\s)[-+]+(?=\S)/g, "$1");
  Object.defineProperty(box, "value", {
    ...native,
    get() {
      return plain(native.get.call(this));
    },
  });
  // A suggestion is drawn behind the text, where it would not match the dashes.
  const suggestion = box.form && box.form.querySelector(".md-search__suggest");
  if (!suggestion) return;
  box.addEventListener("input", () => {
    const typed = native.get.call(box);
    suggestion.style.visibility = typed === plain(typed) ? "" : "hidden";
  });
})();
