// The browser of figures: search, filter, sort, and a card for each figure with its way and history.
(async () => {
  "use strict";
  const { plain, compare, make } = window.reportTables;
  const PAGE = 50, FEW = 12;
  const texts = JSON.parse(document.getElementById("browse-texts").textContent);
  const at = (id) => document.getElementById(id);
  const count = at("count");
  const read = async () => {
    const packed = Uint8Array.from(atob(at("browse-data").textContent), (letter) => letter.charCodeAt(0));
    const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream("gzip"));
    return JSON.parse(await new Response(stream).text());
  };
  document.querySelectorAll(".finder, .finder-said").forEach((each) => { each.hidden = false; });
  let data;
  try { data = await read(); } catch { count.textContent = texts.failed; return; }

  // Numbers of raw rows lie there as steps from one to the next.
  const [files, ...raw] = data.raw;
  const rowsOf = (entry) => entry.rows ??= entry.steps.map((total => (step) => total += step)(0));
  const entries = data.groups.flatMap((group) => group.entries.map(([cells, steps, changes, href, facets, source]) =>
    ({ group, cells, steps, changes, href, facets, source })));
  const sourcesOf = (entry) => entry.sources ??= new Set(entry.source === undefined
    ? rowsOf(entry).map((row) => raw[row][3]).filter((source) => source >= 0) : [entry.source]);
  const textOf = (entry) => entry.text ??= plain([entry.group.name, ...entry.cells,
    ...[...sourcesOf(entry)].slice(0, FEW).map((source) => data.sources[source].name),
    ...entry.facets.map((facet) => data.facets[facet])].join(" "));
  const statesOf = (entry) => entry.steps.length > FEW ? [] : rowsOf(entry).flatMap((row) => data.states[row] ? [data.states[row]] : []);

  const words = at("words"), body = at("figures").tBodies[0], head = at("figures").tHead;
  const selects = ["group", "facet", "source", "told"].map(at).filter(Boolean);
  const chosen = (id) => at(id)?.value ?? "";
  let found = [], shown = 0, sorted = null;

  // Of a single table all columns; of everything what a row is of, and its first figures.
  const columns = () => {
    const group = data.groups.find((each) => each.id === chosen("group"));
    if (group) return group.columns.map(([name, numeric], place) => ({ name, numeric, of: (entry) => entry.cells[place] ?? "" }));
    return [
      { name: texts.figure, numeric: false, of: (entry) => entry.cells[0] },
      { name: texts.value, numeric: false, of: figuresOf },
      { name: texts.where, numeric: false, of: (entry) => entry.group.name },
    ];
  };
  const figuresOf = (entry) => {
    const numeric = entry.group.columns.flatMap(([name, is], place) => is && place && entry.cells[place] ? [[name, entry.cells[place]]] : []);
    if (!numeric.length) return entry.cells[1] ?? "";
    return numeric.length === 1 ? numeric[0][1] : numeric.slice(0, 3).map(([name, cell]) => `${name} ${cell}`).join("; ");
  };

  const drawHead = () => {
    const row = make("tr");
    columns().forEach((column, place) => {
      const button = make("button", { type: "button", className: "sort" }, column.name);
      const cell = make("th", { scope: "col", className: column.numeric ? "num" : "" }, button);
      if (sorted?.place === place) cell.setAttribute("aria-sort", sorted.down ? "descending" : "ascending");
      button.addEventListener("click", () => {
        sorted = { place, down: sorted?.place === place && !sorted.down };
        find();
        head.rows[0].cells[place].firstChild.focus();
      });
      row.append(cell);
    });
    head.replaceChildren(row);
  };
  const drawMore = () => {
    const shows = columns();
    for (const entry of found.slice(shown, shown + PAGE)) {
      const row = make("tr");
      shows.forEach((column, place) => {
        const text = column.of(entry);
        if (place) { row.append(make("td", { className: column.numeric ? "num" : "" }, text)); return; }
        const button = make("button", { type: "button", className: "open" }, text || "–");
        button.setAttribute("aria-haspopup", "dialog");
        button.addEventListener("click", () => open(entry));
        row.append(make("th", { scope: "row" }, button));
      });
      body.append(row);
    }
    shown = Math.min(found.length, shown + PAGE);
    at("more").hidden = shown >= found.length;
  };

  const find = () => {
    const wanted = plain(words.value).split(/\s+/).filter(Boolean);
    const group = chosen("group"), facet = chosen("facet"), source = chosen("source"), told = chosen("told");
    found = entries.filter((entry) => (!group || entry.group.id === group)
      && (!facet || entry.facets.includes(Number(facet)))
      && (!source || sourcesOf(entry).has(Number(source)))
      && (!told || (told === "changed" ? entry.changes.length : statesOf(entry).length))
      && wanted.every((word) => textOf(entry).includes(word)));
    if (sorted) {
      const column = columns()[sorted.place];
      found.forEach((entry, place) => { entry.key = column.of(entry); entry.at = place; });
      found.sort(compare(column.numeric, sorted.down));
    }
    const language = document.documentElement.lang;
    const number = new Intl.NumberFormat(language).format(found.length);
    const single = new Intl.PluralRules(language).select(found.length) === "one";
    count.textContent = (single ? texts["one-found"] : texts.found).replace("#", number);
    shown = 0;
    body.replaceChildren();
    drawHead();
    drawMore();
    const asked = new URLSearchParams();
    if (words.value) asked.set("q", words.value);
    for (const select of selects) if (select.value) asked.set(select.id, select.value);
    history.replaceState(null, "", asked.size ? `#${asked}` : "#");
  };

  const link = (text, href) => make("a", { href }, text);
  const list = (items) => make("ul", {}, ...items.map((item) => make("li", {}, ...[item].flat())));
  const part = (title, ...inside) => [make("h3", {}, title), ...inside];
  const table = (caption, heads, rows) => {
    const region = make("div", { className: "table-scroll", tabIndex: 0 }, make("table", {},
      make("caption", { className: "visually-hidden" }, caption),
      make("thead", {}, make("tr", {}, ...heads.map((text) => make("th", { scope: "col" }, text)))),
      make("tbody", {}, ...rows.map((cells) => make("tr", {}, ...cells.map((cell) => make("td", {}, ...[cell].flat())))))));
    region.setAttribute("role", "region");
    region.setAttribute("aria-label", caption);
    return region;
  };
  const sourceOf = (place) => {
    const source = data.sources[place];
    if (!source) return ["–"];
    const title = source.url ? link(source.title, source.url) : make("span", {}, source.title);
    if (source.lang) title.lang = source.lang;
    return [title, ` (${source.publisher}, ${source.published}; ${source.tier})`];
  };
  const published = (row) => `${files[row[0]]}, ${texts.row.toLowerCase()} ${row[1]}`;

  const open = (entry) => {
    const rows = rowsOf(entry), card = at("card");
    const close = make("button", { type: "button", className: "plain close" }, "×");
    close.setAttribute("aria-label", texts.close);
    close.addEventListener("click", () => card.close());
    const facts = make("dl");
    entry.cells.forEach((cell, place) => {
      if (!place || !cell) return;
      const told = entry.href && place === 2 ? link(cell, entry.href) : cell;
      facts.append(make("dt", {}, entry.group.columns[place][0]), make("dd", {}, told));
    });
    facts.append(make("dt", {}, texts.data), make("dd", {}, link(`${entry.group.name} (${entry.group.file.replace("data/", "")})`, entry.group.file)));
    const changes = entry.changes.map(([side, what, then, now, moved, why]) => {
      const { before, after } = data.sides[side];
      return [`${before} → ${after}`, what, then, now, moved, why];
    });
    // A column of which nothing is said is left out.
    const heads = [texts.side, texts.what, texts.then, texts.now, "±", texts.why];
    const said = heads.map((_, place) => changes.some((cells) => cells[place]));
    const only = (cells) => cells.filter((_, place) => said[place]);
    const states = statesOf(entry).slice(0, FEW).map((each) => each.map(([day, release, text, source, origin]) =>
      [day, release, text, sourceOf(source), origin]));
    const told = [...sourcesOf(entry)];
    card.replaceChildren(
      make("h2", { id: "card-title" }, entry.cells[0] || entry.group.name), close, facts,
      ...(entry.source === undefined ? part(texts.history,
        ...(changes.length ? [table(texts.changes, only(heads), changes.map(only))] : []),
        ...states.map((each) => table(texts.states, [texts.day, texts.release, texts.value, texts.source, texts.raw], each)),
        ...(changes.length || states.length ? [] : [make("p", {}, texts["no-history"])])) : []),
      ...(rows.length ? part(texts.raw, list(rows.slice(0, FEW).map((each) => {
        const row = raw[each], place = [row[4], row[5]].filter(Boolean).join("; ");
        const mended = row[6] ? ` ${texts.corrected} ${row[6]}` : "";
        return `${published(row)}${row[2] ? `, ${row[2]}` : ""}${place ? `: ${place}` : ""}.${mended}`;
      })), ...(rows.length > FEW ? [make("p", {}, texts["more-rows"].replace("#", rows.length - FEW))] : [])) : []),
      ...(told.length ? part(texts.sources, list(told.slice(0, 4 * FEW).map(sourceOf))) : []),
    );
    card.showModal();
    card.scrollTop = 0;
  };
  at("card").addEventListener("click", (event) => { if (event.target === at("card")) at("card").close(); });

  // Text that a spreadsheet would take for a formula is text there too.
  const quoted = (text) => `"${(/^[=+\-@\t\r]/.test(text) && !/^[-−+]?[\d., \u00a0\u202f]+%?$/.test(text) ? `'${text}` : text).replaceAll("\"", "\"\"")}"`;
  at("take").addEventListener("click", () => {
    const shows = columns();
    const lines = [shows.map(({ name }) => name), ...found.map((entry) => shows.map((column) => column.of(entry)))];
    const text = `\ufeff${lines.map((cells) => cells.map(quoted).join(",")).join("\r\n")}\r\n`;
    const href = URL.createObjectURL(new Blob([text], { type: "text/csv" }));
    make("a", { href, download: texts["csv-name"] }).click();
    setTimeout(() => URL.revokeObjectURL(href), 1000);
  });

  const asked = new URLSearchParams(location.hash.slice(1));
  words.value = asked.get("q") ?? "";
  for (const select of selects) select.value = asked.get(select.id) ?? "";
  let waiting = 0;
  words.addEventListener("input", () => { clearTimeout(waiting); waiting = setTimeout(find, 120); });
  words.form.addEventListener("submit", (event) => event.preventDefault());
  for (const select of selects) select.addEventListener("change", () => { if (select.id === "group") sorted = null; find(); });
  at("more").addEventListener("click", () => {
    const first = shown;
    drawMore();
    body.rows[first]?.querySelector("button").focus();
  });
  find();
})();
