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

  const draw = async (script) => {
    const chart = document.getElementById(script.dataset.chart);
    const still = chart.querySelector("svg");
    const live = document.createElement("div");
    live.className = "chart-live";
    live.hidden = true;
    chart.append(live);
    try {
      await fontsReady;
      await vegaEmbed(live, JSON.parse(script.textContent), options);
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

  const watchSections = () => {
    const links = new Map([...document.querySelectorAll(".contents a[href^='#']")].map((link) => [decodeURIComponent(link.hash.slice(1)), link]));
    const sections = [...links.keys()].map((id) => document.getElementById(id)).filter(Boolean);
    const mark = () => {
      const passed = sections.filter((section) => section.getBoundingClientRect().top < innerHeight * 0.3);
      const current = passed.at(-1) ?? sections[0];
      links.forEach((link, id) => {
        if (id === current?.id) link.setAttribute("aria-current", "location");
        else link.removeAttribute("aria-current");
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
    const wide = matchMedia("(min-width: 68rem)");
    const fold = () => { details.open = wide.matches; };
    details?.querySelector("summary").addEventListener("click", (event) => { if (wide.matches) event.preventDefault(); });
    wide.addEventListener("change", fold);
    fold();
  };

  // The other language opens at the section that is being read.
  const followLanguage = () => {
    const link = document.querySelector("[data-other-language]");
    const here = () => document.querySelector(".contents a[aria-current]")?.hash ?? "";
    link?.addEventListener("click", () => { link.hash = here(); });
  };

  foldContents();
  watchSections();
  followLanguage();
  if (!specs.length || typeof vegaEmbed !== "function") ready();
  else if (location.hash === "#charts=all") window.renderAllCharts();
  else watchCharts();
})();
