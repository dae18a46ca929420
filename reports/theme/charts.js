// Makes the charts interactive, by pointer and by keyboard, in a form of their own on phones.
// Without scripts the page is whole: drawn charts, data tables, links.
(() => {
  "use strict";
  const root = document.documentElement;
  // Pandoc writes a no-break space as an entity.
  const written = document.getElementById("page-words")?.textContent ?? "{}";
  const words = JSON.parse(new DOMParser().parseFromString(written, "text/html").body.textContent);
  const charts = [...document.querySelectorAll(".chart")];
  const phone = matchMedia("(max-width: 40rem)");

  const make = (className, attributes = {}) => {
    const made = document.createElement("div");
    made.className = className;
    for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
    return made;
  };

  // The engine is inert text until the first chart is wanted. As a script of this page it is bound
  // by the page's policy, so the expressions of charts are interpreted and never run as code.
  let engine = null;
  const load = () => {
    engine ??= (async () => {
      const text = document.getElementById("chart-engine").textContent;
      const packed = Uint8Array.from(atob(text), (sign) => sign.charCodeAt(0));
      const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream("gzip"));
      const script = document.createElement("script");
      script.textContent = await new Response(stream).text();
      document.head.append(script);
      // Vega measures its labels on a canvas, which knows only fonts that are there already.
      await Promise.all([400, 600, 700].map((weight) => document.fonts.load(`${weight} 12px "Report Sans"`, "A")));
    })();
    return engine;
  };

  // What a mark tells, beside it. Whoever reaches a mark, by pointer or by keyboard, sees the same;
  // it can be pointed at, and Escape takes it away.
  const tip = make("chart-tip", { hidden: "" });
  const spoken = make("visually-hidden", { "aria-live": "polite" });
  document.body.append(tip, spoken);
  let leaving = 0;
  const hide = () => { clearTimeout(leaving); tip.hidden = true; };
  const hideSoon = () => { clearTimeout(leaving); leaving = setTimeout(() => tip.matches(":hover") || hide(), 300); };
  tip.addEventListener("pointerleave", hideSoon);

  const told = (value) => (typeof value === "object" ? Object.entries(value) : [["", value]])
    .filter(([, text]) => text !== null && text !== undefined && text !== "");

  const show = (value, box) => {
    clearTimeout(leaving);
    tip.replaceChildren(...told(value).map(([name, text]) => {
      const line = document.createElement("p"), label = document.createElement("span");
      label.textContent = name ? `${name}${words.colon} ` : "";
      line.append(label, String(text));
      return line;
    }));
    tip.hidden = false;
    const { width, height } = tip.getBoundingClientRect(), page = document.documentElement.clientWidth;
    const left = Math.max(8, Math.min(box.left, page - width - 8));
    const above = box.bottom + height + 12 > innerHeight && box.top > height + 12;
    tip.style.left = `${left + scrollX}px`;
    tip.style.top = `${scrollY + (above ? box.top - height - 8 : box.bottom + 8)}px`;
  };

  document.addEventListener("keydown", (event) => { if (event.key === "Escape") hide(); });

  // Everything in a chart that tells something, once: panel by panel, along rows where the marks
  // stand in rows, else from left to right.
  const inOrder = (marks) => {
    const middle = (mark, axis) => Math.round((mark[`${axis}1`] + mark[`${axis}2`]) / 2);
    const places = (axis) => new Set(marks.map((mark) => middle(mark, axis))).size;
    const [across, down] = [places("x"), places("y")];
    const [first, second] = down <= across || across * down <= 1.2 * marks.length ? ["y", "x"] : ["x", "y"];
    return marks.sort((a, b) => middle(a, first) - middle(b, first) || middle(a, second) - middle(b, second));
  };
  const marksOf = (view) => {
    const seen = new Set(), panels = [];
    const visit = (group, x, y) => {
      const found = new Map();
      panels.push(found);
      for (const mark of group.items) {
        if (["axis", "legend", "title"].includes(mark.role)) continue;
        if (mark.marktype === "group") {
          for (const inner of mark.items) visit(inner, x + (inner.x || 0), y + (inner.y || 0));
          continue;
        }
        for (const item of mark.items.filter((each) => each.tooltip)) {
          const key = JSON.stringify(item.tooltip), known = found.get(key);
          const { x1, y1, x2, y2 } = item.bounds?.empty() === false ? item.bounds : { x1: item.x, x2: item.x, y1: item.y, y2: item.y };
          if (!seen.has(key)) {
            seen.add(key);
            found.set(key, { mark, value: item.tooltip, x1: x1 + x, y1: y1 + y, x2: x2 + x, y2: y2 + y });
          } else if (known?.mark === mark) {
            known.x1 = Math.min(known.x1, x1 + x);
            known.y1 = Math.min(known.y1, y1 + y);
            known.x2 = Math.max(known.x2, x2 + x);
            known.y2 = Math.max(known.y2, y2 + y);
          }
        }
      }
    };
    for (const item of view.scenegraph().root.items) visit(item, item.x || 0, item.y || 0);
    return panels.flatMap((found) => inOrder([...found.values()]));
  };

  // Arrows move through the marks and read them out, Escape leaves.
  const walk = (chart, live, view) => {
    const ring = make("chart-mark", { hidden: "" });
    live.append(ring);
    let marks = null, at = -1;
    const leave = () => {
      at = -1;
      ring.hidden = true;
      spoken.textContent = "";
      hide();
    };
    const go = (to) => {
      marks ??= marksOf(view);
      if (!marks.length) return;
      at = (to + marks.length) % marks.length;
      const mark = marks[at], svg = live.querySelector("svg.marks");
      const frame = svg.getBoundingClientRect(), outer = live.getBoundingClientRect();
      const scale = frame.width / svg.viewBox.baseVal.width;
      const [left, top] = view.origin(), padding = view.padding();
      const x = frame.left - outer.left + (mark.x1 + left + padding.left) * scale;
      const y = frame.top - outer.top + (mark.y1 + top + padding.top) * scale;
      ring.style.cssText = `left: ${x - 3}px; top: ${y - 3}px; width: ${(mark.x2 - mark.x1) * scale + 6}px; height: ${(mark.y2 - mark.y1) * scale + 6}px`;
      ring.hidden = false;
      ring.scrollIntoView({ block: "nearest", inline: "nearest" });
      show(mark.value, ring.getBoundingClientRect());
      const text = told(mark.value).map(([name, said]) => (name ? `${name}${words.colon} ${said}` : said)).join("; ");
      spoken.textContent = `${text} (${at + 1}/${marks.length})`;
    };
    const moves = {
      ArrowRight: () => go(at + 1),
      ArrowDown: () => go(at + 1),
      ArrowLeft: () => go(at < 0 ? -1 : at - 1),
      ArrowUp: () => go(at < 0 ? -1 : at - 1),
      Home: () => go(0),
      End: () => go(-1),
      Escape: leave,
    };
    chart.onkeydown = (event) => {
      const move = moves[event.key];
      if (event.target !== chart || !move || event.ctrlKey || event.metaKey || event.altKey) return;
      event.preventDefault();
      move();
    };
    chart.onblur = leave;
  };

  // The live chart says what the drawn one said, and its menu has a name.
  const keepText = (chart, live, still) => {
    const svg = live.querySelector("svg.marks");
    const text = (name) => still.querySelector(`:scope > ${name}`)?.textContent ?? "";
    const title = text("title");
    for (const part of svg.querySelectorAll("[role], [aria-roledescription], [aria-label]")) {
      for (const name of ["role", "aria-roledescription", "aria-label"]) part.removeAttribute(name);
    }
    svg.removeAttribute("aria-hidden");
    svg.removeAttribute("aria-roledescription");
    svg.setAttribute("role", "img");
    svg.setAttribute("aria-label", [title.replace(/\.$/, ""), text("desc")].filter(Boolean).join(". "));
    live.querySelector("summary")?.setAttribute("aria-label", `${words.CLICK_TO_VIEW_ACTIONS} – ${title}`);
    // Screen readers leave the arrows to an application; it is described by what the chart shows.
    chart.setAttribute("role", "application");
    chart.setAttribute("aria-roledescription", words.kind);
    chart.setAttribute("aria-description", [text("desc"), words.keys].join(" "));
  };

  const specsOf = (chart) => Object.fromEntries(
    [...document.querySelectorAll(`script.vega-lite[data-chart="${chart.id}"]`)]
      .map((script) => [script.dataset.form, script]),
  );

  const options = {
    renderer: "svg",
    ast: true,
    actions: { export: true, source: false, compiled: false, editor: false },
    i18n: words,
    tooltip: (_handler, event, _item, value) => {
      const here = { left: event.clientX + 8, top: event.clientY, bottom: event.clientY + 8 };
      if (value) show(value, here);
      else hideSoon();
    },
  };

  const draw = async (chart) => {
    const specs = specsOf(chart);
    const script = (phone.matches && specs.narrow) || specs.wide;
    chart.still ??= chart.querySelector("svg");
    const live = make("chart-live", { hidden: "" });
    chart.append(live);
    try {
      await load();
      const { view } = await vegaEmbed(live, JSON.parse(script.textContent), options);
      for (const old of [...chart.children]) if (old !== live) old.remove();
      keepText(chart, live, chart.still);
      walk(chart, live, view);
      live.hidden = false;
    } catch (error) {
      live.remove();
      chart.dataset.failed = String(error);
    }
  };

  const drawn = new Map();
  const upgrade = (chart) => {
    if (!drawn.has(chart)) {
      drawn.set(chart, draw(chart).then(() => {
        if (drawn.size === charts.length) root.dataset.charts = "ready";
      }));
    }
    return drawn.get(chart);
  };

  const watch = () => {
    const near = new IntersectionObserver((entries) => {
      for (const { target } of entries.filter((each) => each.isIntersecting)) {
        near.unobserve(target);
        upgrade(target);
      }
    }, { rootMargin: "600px" });
    charts.forEach((chart) => near.observe(chart));
  };

  // A phone that is turned, or a window made narrow, gets the other form.
  phone.addEventListener("change", () => {
    for (const chart of drawn.keys()) if (specsOf(chart).narrow) draw(chart);
  });
  if (location.hash === "#charts=all") (async () => { for (const chart of charts) await upgrade(chart); })();
  else watch();
})();
