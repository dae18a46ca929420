// Keeps the table of contents in step with the reader, and shows a number's note beside it.
// Without scripts the page is whole: links lead to sections and notes.
(() => {
  "use strict";

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
    const here = details.querySelector("[aria-current]");
    if (here) keepInView(here);  // on a page of a long document, its chapter may be the last of many
  };

  // The other language opens at the section that is being read: on the cover, at its own cover.
  const followLanguage = () => {
    const here = () => (scrollY ? document.querySelector(".contents a[aria-current]")?.hash ?? "" : "");
    for (const link of document.querySelectorAll("[data-other-language]")) {
      link.addEventListener("click", () => { link.hash = here(); });
    }
  };

  // Chapters of a long document are pages of their own: an anchor of the whole leads to its page.
  const forward = () => {
    const listed = document.getElementById("page-anchors");
    const anchor = decodeURIComponent(location.hash.slice(1));
    if (!listed || !anchor) return;
    const page = Object.entries(JSON.parse(listed.textContent)).find(([, anchors]) => anchors.includes(anchor));
    if (page) location.replace(`${page[0]}${location.hash}`);
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

  forward();
  addEventListener("hashchange", forward);
  foldContents();
  showNotes();
  watchSections();
  followLanguage();
})();
