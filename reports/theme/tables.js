// Long tables of the annex can be searched, filtered by a column of few values, and sorted.
// Without scripts the tables are whole, in their published order.
(() => {
  "use strict";
  const LONG = 12, FEW = 12;
  const written = document.getElementById("page-words")?.textContent ?? "{}";
  const words = JSON.parse(new DOMParser().parseFromString(written, "text/html").body.textContent);
  const collator = new Intl.Collator(document.documentElement.lang, { numeric: true, sensitivity: "base" });
  const plain = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
  const said = (cell) => (cell?.textContent ?? "").trim();
  const make = (name, attributes = {}, ...inside) => {
    const element = Object.assign(document.createElement(name), attributes);
    element.append(...inside);
    return element;
  };

  // A number as it is printed, in either language; text that is none sorts as text, after numbers.
  const number = (text) => {
    const found = /[-−]?\d[\d\s.,\u00a0\u202f]*/u.exec(text);
    if (!found || found.index > 3) return null;
    const english = document.documentElement.lang.startsWith("en");
    const digits = found[0].replace("−", "-").replace(english ? /[,\s\u00a0\u202f]/gu : /[.\s\u00a0\u202f]/gu, "");
    const value = Number(digits.replace(",", "."));
    return Number.isNaN(value) ? null : value;
  };
  const compare = (numeric, down) => (one, other) => {
    const [a, b] = [one, other].map((row) => (numeric ? number(row.key) : null));
    const empty = [one, other].map((row) => (numeric ? number(row.key) === null : row.key === "" || row.key === "–"));
    // What is not stated stands last, whichever way the rest is sorted.
    if (empty[0] !== empty[1]) return empty[0] - empty[1];
    const order = a !== null && b !== null ? a - b : collator.compare(one.key, other.key);
    return (down ? -order : order) || one.at - other.at;
  };

  const enliven = (table) => {
    const body = table.tBodies[0], heads = [...(table.tHead?.rows[0]?.cells ?? [])];
    const rows = [...(body?.rows ?? [])].map((row, at) => ({ row, at, text: plain(said(row)) }));
    if (rows.length < LONG || !heads.length || table.closest("details.data")) return;
    const name = said(table.caption) || said(table.closest("figure")?.querySelector("figcaption")) || said(heads[0]);
    const column = (at) => rows.map(({ row }) => said(row.cells[at]));

    heads.forEach((head, at) => {
      const label = said(head);
      if (!label) return;
      const numeric = column(at).filter((text) => number(text) !== null).length > rows.length / 2;
      const button = make("button", { type: "button", className: "sort" }, ...head.childNodes);
      head.append(button);
      button.addEventListener("click", () => {
        const down = head.getAttribute("aria-sort") === "ascending";
        heads.forEach((each) => each.removeAttribute("aria-sort"));
        head.setAttribute("aria-sort", down ? "descending" : "ascending");
        for (const each of rows) each.key = said(each.row.cells[at]);
        body.append(...[...rows].sort(compare(numeric, down)).map(({ row }) => row));
      });
    });

    const filters = new Map();
    const count = make("output", { className: "table-count" });
    const search = make("input", { type: "search", autocomplete: "off" });
    const show = () => {
      const wanted = plain(search.value).split(/\s+/).filter(Boolean);
      let shown = 0;
      for (const { row, text } of rows) {
        const fits = wanted.every((word) => text.includes(word))
          && [...filters].every(([at, select]) => !select.value || said(row.cells[at]) === select.value);
        row.hidden = !fits;
        shown += fits;
      }
      count.textContent = words.rows.replace("{shown}", shown).replace("{all}", rows.length);
    };
    const tools = make("div", { className: "table-tools" },
      make("label", {}, words.search, document.createElement("br"), search));
    tools.setAttribute("role", "group");
    tools.setAttribute("aria-label", `${words.search}${words.colon} ${name}`);
    heads.forEach((head, at) => {
      const values = [...new Set(column(at))].sort(collator.compare);
      if (values.length < 2 || values.length > FEW || values.length > rows.length / 3 || values.some((text) => text.length > 60)) return;
      const select = make("select", {}, make("option", { value: "" }, words.all), ...values.map((text) => make("option", { value: text }, text)));
      filters.set(at, select);
      select.addEventListener("change", show);
      tools.append(make("label", {}, said(head), document.createElement("br"), select));
    });
    search.addEventListener("input", show);
    tools.append(count);
    show();
    (table.closest(".table-scroll") ?? table).before(tools);
  };

  // The browser of figures sorts and searches in the same way.
  window.reportTables = { plain, compare, make };
  document.querySelectorAll("main table").forEach(enliven);
})();
