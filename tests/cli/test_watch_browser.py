"""What a browser makes of a served page: it loads again at the same place, and tells of errors."""

import time
from collections.abc import Callable
from pathlib import Path

import pytest
from selenium import webdriver

from critical_minerals.cli.watch.server import Server

pytestmark = pytest.mark.browser


def page(title: str, before: int) -> str:
    """A long page with a heading far down; `before` paragraphs stand above it."""
    above = "".join(f"<p>Paragraph {n}</p>" for n in range(before))
    below = "".join(f"<p>After {n}</p>" for n in range(200))
    body = f"<main><h1 id='top'>{title}</h1>{above}<h2 id='sec-here'>Here</h2>{below}</main>"
    return f"<!doctype html><html><body>{body}</body></html>"


def soon(asked: Callable[[], object]) -> bool:
    """Ask for up to ten seconds whether something holds."""
    end = time.monotonic() + 10
    while time.monotonic() < end:
        if asked():
            return True
        time.sleep(0.05)
    return False


def test_a_new_page_is_shown_at_the_same_place_under_what_is_told(
    tmp_path: Path, browser: webdriver.Chrome
):
    file = tmp_path / "page.html"
    file.write_text(page("Old", 40))
    # While the page loads anew there is nothing to find.
    top = "return document.getElementById('sec-here')?.getBoundingClientRect().top ?? -1"
    title = "return document.getElementById('top')?.textContent"
    shown = (
        "const box = document.getElementById('watch'); return box?.hidden ? '' : box?.textContent"
    )
    with Server(tmp_path, 0) as server:
        browser.get(server.address + "page.html")
        browser.execute_script("document.getElementById('sec-here').scrollIntoView()")
        browser.execute_script("scrollBy(0, 130)")
        before = browser.execute_script(top)
        assert soon(lambda: server.opened == ["page.html"])

        server.started("a", "Typeset a page")
        assert soon(lambda: browser.execute_script(shown) == "Typeset a page …")
        file.write_text(page("New", 90))
        server.ended("a")
        assert soon(lambda: browser.execute_script(title) == "New")
        assert soon(lambda: abs(browser.execute_script(top) - before) < 2)

        told = "awards.csv, row 4: <b>what</b> is this?"
        server.tell(told)
        assert soon(lambda: browser.execute_script(shown) == told)
        server.tell("")
        assert soon(lambda: browser.execute_script(shown) == "")
        assert browser.execute_script(title) == "New"
