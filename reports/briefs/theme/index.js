// Filters the index of the briefs as one types; accents and capitals do not matter. Without
// scripts the page lists all of them and shows no search.
(() => {
  "use strict";
  const form = document.querySelector(".finder");
  const input = form.querySelector("input");
  const output = form.querySelector("output");
  const items = [...document.querySelectorAll(".briefs li")];
  const plain = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase().trim();
  const find = () => {
    const wanted = plain(input.value);
    let shown = 0;
    for (const item of items) {
      item.hidden = !plain(item.dataset.words).includes(wanted);
      if (!item.hidden) shown += 1;
    }
    for (const section of document.querySelectorAll("main section")) {
      section.hidden = !section.querySelector("li:not([hidden])");
    }
    const single = new Intl.PluralRules(document.documentElement.lang).select(shown) === "one";
    output.value = (single ? form.dataset.one : form.dataset.other).replace("#", shown);
  };
  form.hidden = false;
  form.addEventListener("submit", (event) => event.preventDefault());
  input.addEventListener("input", find);
})();
