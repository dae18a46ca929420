// Makes the charts interactive and keeps the table of contents in step with the reader.
// Without scripts the page is whole: drawn charts, data tables, links.
(() => {
  "use strict";
  const root = document.documentElement;
  const words = JSON.parse(document.getElementById("chart-words")?.textContent ?? "{}");
  const options = {
    renderer: "svg",
    actions: { export: true, source: false, compiled: false, editor: false },
    i18n: words,
  };
  const specs = [...document.querySelectorAll("script.vega-lite")];
  const tried = new Map();

  // The live chart is one picture that says what the drawn one said, and its menu has a name.
  const keepText = (live, still) => {
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
  };

  // Vega measures its labels on a canvas, which knows only fonts that are there already.
  const fontsReady = Promise.all([400, 600, 700].map((weight) => document.fonts.load(`${weight} 12px "Report Sans"`, "A")));

  // A chart for a phone: panels one below the other, each as narrow as its labels allow.
  const PHONE = "(max-width: 40rem)", NARROW = 400, LEAST = 130;
  const narrowed = (spec, wide) => {
    const count = Math.min(spec.columns ?? 1, spec.concat?.length ?? 1);
    const spare = Math.max(0, wide / count - NARROW);
    const beside = (spec.hconcat ?? []).reduce((sum, each) => sum + (each.width || 0), 0);
    const shrink = (view, part) => {
      const made = { ...view };
      if (view.width > 0) made.width = Math.max(LEAST * part, view.width - spare * part);
      if (view.width?.step) made.width = { step: view.width.step * (1 - spare / wide) };
      if (view.columns) made.columns = Math.min(view.columns, view === spec ? 1 : 2);
      if (view.hconcat) made.hconcat = view.hconcat.map((each) => shrink(each, each.width / beside));
      for (const name of ["vconcat", "concat"]) if (view[name]) made[name] = view[name].map((each) => shrink(each, part));
      return made;
    };
    return shrink(spec, 1);
  };

  const isLegible = (live) => {
    const svg = live.querySelector("svg.marks");
    if (svg.viewBox.baseVal.width > 1.25 * NARROW) return false;
    live.style.cssText = "position: absolute; visibility: hidden";
    live.hidden = false;
    const boxes = [...svg.querySelectorAll("text")].filter((each) => each.textContent.trim())
      .map((each) => each.getBoundingClientRect()).filter((box) => box.width);
    live.hidden = true;
    live.style.cssText = "";
    const apart = (a, b) => a.right < b.left + 2 || b.right < a.left + 2 || a.bottom < b.top + 4 || b.bottom < a.top + 4;
    return boxes.every((a, place) => boxes.slice(place + 1).every((b) => apart(a, b)));
  };

  const draw = async (script) => {
    const chart = document.getElementById(script.dataset.chart);
    const still = chart.querySelector("svg");
    const live = document.createElement("div");
    live.className = "chart-live";
    live.hidden = true;
    chart.append(live);
    try {
      await fontsReady;
      const spec = JSON.parse(script.textContent);
      const wide = still.viewBox.baseVal?.width || still.width.baseVal.value;
      // A map keeps its shape.
      const phone = matchMedia(PHONE).matches && !script.textContent.includes('"geoshape"');
      await vegaEmbed(live, phone ? narrowed(spec, wide) : spec, options);
      // Where words keep it wide or run into each other it scrolls instead, as it was drawn.
      if (phone && !isLegible(live)) await vegaEmbed(live, spec, options);
      if (live.querySelector("svg.marks").viewBox.baseVal.width > 1.25 * NARROW) live.classList.add("chart-wide");
      keepText(live, still);
      still.remove();
      live.hidden = false;
    } catch (error) {
      live.remove();
      chart.dataset.failed = String(error);
    }
  };

  const ready = () => { root.dataset.charts = "ready"; };
  let done = 0;
  const upgrade = (script) => {
    if (!tried.has(script)) {
      tried.set(script, draw(script).then(() => {
        done += 1;
        if (done === specs.length) ready();
      }));
    }
    return tried.get(script);
  };

  window.renderAllCharts = async () => {
    for (const script of specs) await upgrade(script);
  };

  const watchCharts = () => {
    const near = new IntersectionObserver((entries) => {
      for (const entry of entries.filter((each) => each.isIntersecting)) {
        near.unobserve(entry.target);
        upgrade(specs.find((script) => script.dataset.chart === entry.target.id));
      }
    }, { rootMargin: "600px" });
    specs.forEach((script) => near.observe(document.getElementById(script.dataset.chart)));
  };

  // A long table of contents scrolls by itself: the page stays where it is.
  const keepInView = (link) => {
    const contents = link.closest(".contents");
    const { top, bottom } = link.getBoundingClientRect(), frame = contents.getBoundingClientRect();
    const title = contents.querySelector("summary").offsetHeight;
    if (top < frame.top + title || bottom > frame.bottom) contents.scrollTop += top - (frame.top + frame.bottom) / 2;
  };

  const watchSections = () => {
    const links = new Map([...document.querySelectorAll(".contents a[href^='#']")].map((link) => [decodeURIComponent(link.hash.slice(1)), link]));
    const sections = [...links.keys()].map((id) => document.getElementById(id)).filter(Boolean);
    const mark = () => {
      const passed = sections.filter((section) => section.getBoundingClientRect().top < innerHeight * 0.3);
      const current = passed.at(-1) ?? sections[0];
      links.forEach((link, id) => {
        if (id !== current?.id) link.removeAttribute("aria-current");
        else if (!link.hasAttribute("aria-current")) {
          link.setAttribute("aria-current", "location");
          keepInView(link);
        }
      });
    };
    let waiting = false;
    addEventListener("scroll", () => {
      if (waiting) return;
      waiting = true;
      requestAnimationFrame(() => { waiting = false; mark(); });
    }, { passive: true });
    mark();
  };

  // Open beside the text on wide screens, folded above it on narrow ones.
  const foldContents = () => {
    const details = document.querySelector(".contents details");
    if (!details) return;  // a short page, such as the list of briefs, has no contents
    const wide = matchMedia("(min-width: 68rem)");
    const fold = () => { details.open = wide.matches; };
    details.querySelector("summary").addEventListener("click", (event) => { if (wide.matches) event.preventDefault(); });
    wide.addEventListener("change", fold);
    fold();
  };

  // The other language opens at the section that is being read: on the cover, at its own cover.
  const followLanguage = () => {
    const here = () => (scrollY ? document.querySelector(".contents a[aria-current]")?.hash ?? "" : "");
    for (const link of document.querySelectorAll("[data-other-language]")) {
      link.addEventListener("click", () => { link.hash = here(); });
    }
  };

  // A number shows its source note beside it. Without this, its link leads to the note itself.
  const showNotes = () => {
    const list = document.querySelector("ol.notes");
    if (!list || !("popover" in HTMLElement.prototype)) return;
    const words = list.dataset;
    const card = document.createElement("div");
    card.className = "note-popover";
    card.setAttribute("popover", "auto");
    card.setAttribute("role", "dialog");
    card.tabIndex = -1;
    document.body.append(card);
    let opener = null;
    let closed = { link: null, at: 0 };

    const fill = (link) => {
      const note = document.getElementById(decodeURIComponent(link.hash.slice(1)));
      const content = note.cloneNode(true);
      content.querySelector(".note-value").replaceChildren(...link.cloneNode(true).childNodes);
      content.querySelector(".note-back").innerHTML = `<a href="${link.getAttribute("href")}">${words.note.replace("{}", note.value)}</a>`;
      const close = document.createElement("button");
      close.type = "button";
      close.className = "note-close";
      close.setAttribute("aria-label", words.close);
      close.textContent = "×";
      close.addEventListener("click", () => card.hidePopover());
      card.replaceChildren(...content.childNodes, close);
      card.setAttribute("aria-label", words.of.replace("{}", link.firstChild.textContent));
    };

    // Under the number, or above it where there is more room; on narrow screens the style decides.
    const place = (link) => {
      const box = link.getClientRects()[0], { width, height } = card.getBoundingClientRect();
      const left = Math.max(16, Math.min(box.left, document.documentElement.clientWidth - width - 16));
      const above = box.bottom + height + 8 > innerHeight && box.top > innerHeight - box.bottom;
      card.style.left = `${left + scrollX}px`;
      card.style.top = `${scrollY + (above ? Math.max(8, box.top - height - 8) : box.bottom + 8)}px`;
      card.scrollTop = 0;
    };

    const show = (link) => {
      fill(link);
      opener = link;
      card.showPopover();
      place(link);
      link.setAttribute("aria-expanded", "true");
      card.focus({ preventScroll: true });
    };

    card.addEventListener("beforetoggle", (event) => {
      if (event.newState !== "closed" || !opener) return;
      opener.setAttribute("aria-expanded", "false");
      if (card.contains(document.activeElement)) opener.focus({ preventScroll: true });
      closed = { link: opener, at: performance.now() };
      opener = null;
    });
    card.addEventListener("keydown", (event) => {
      if (event.key !== "Tab") return;
      const stops = [...card.querySelectorAll("a[href], button, summary")].filter((each) => each.checkVisibility());
      const at = stops.indexOf(document.activeElement);
      if (event.shiftKey ? at > 0 : at < stops.length - 1) return;
      event.preventDefault();
      card.hidePopover();
    });
    card.addEventListener("click", (event) => {
      if (event.target.closest("a[href^='#']")) card.hidePopover();
    });
    document.querySelectorAll("a.value").forEach((link) => {
      link.setAttribute("aria-haspopup", "dialog");
      link.setAttribute("aria-expanded", "false");
      link.addEventListener("click", (event) => {
        if (event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
        event.preventDefault();
        // A tap on the number of an open note has closed it already: leave it so.
        if (closed.link === link && performance.now() - closed.at < 400 && event.detail) return;
        show(link);
      });
    });
  };

  foldContents();
  showNotes();
  watchSections();
  followLanguage();
  if (!specs.length || typeof vegaEmbed !== "function") ready();
  else if (location.hash === "#charts=all") window.renderAllCharts();
  else watchCharts();
})();
