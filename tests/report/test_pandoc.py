from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from critical_minerals.report.pandoc import Output, PandocError, Text, convert, run

WIDE = "long words that make a row wider than a line; " * 3
BODY = f"""---
title: "A *title* of its own"
lang: fr
---

## Heading {{#one .unnumbered}}

Words by First Corp. (p. 3) -- "quoted", it's 11 of them [a link](https://example.org){{.sign}}.

| Name | Amount |
|------|-------:|
| {WIDE} | 1 |

| Name | Amount |
|------|-------:|
| {"as wide as the program's lines and a little more than that " + "x" * 6} | 1 |

::: {{.lead}}
### Deeper
1. one
2. two [@fig-x]
:::
"""
PAGE = Output("html5", toc_depth=2, template="page.html", variables={"more": "<b>x</b>"})
PRINT = Output("typst", shift=-1)


@pytest.fixture
def text(tmp_path: Path) -> Text:
    page = "$title$|$note$|$more$|$toc$|$body$"
    (tmp_path / "page.html").write_text(page, "utf-8")
    metadata = {"note": "A **note**, 2\xa0% \\$ “x”", "title": "overridden"}
    return Text(tmp_path, BODY.splitlines(), metadata)


def lives(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


@pytest.mark.parametrize("output", [PAGE, PRINT, Output("html5", shift=1), Output("json")])
def test_workers_write_what_the_program_writes(text: Text, output: Output):
    (made,) = convert(text, [output])
    assert made.strip() == run(text, output).strip()


def test_a_text_is_read_for_several_outputs_at_once(text: Text):
    together = convert(text, [PAGE, PRINT, PAGE])
    assert together == [*convert(text, [PAGE]), *convert(text, [PRINT]), *convert(text, [PAGE])]


def test_filters_see_the_format_and_keep_nothing(text: Text):
    (text.folder / "count.lua").write_text(
        "count = (count or 0) + 1\n"
        "local function put(str)\n"
        "  if str.text == 'Words' then return pandoc.Str(FORMAT .. count) end\n"
        "end\n"
        "return {{ Str = put }}"
    )
    outputs = [Output("html5", ["count.lua"]), Output("typst", ["count.lua"])]
    page, printed = convert(text, outputs)
    assert "html51" in page
    assert "typst1" in printed
    assert convert(text, outputs) == [page, printed]


def test_what_a_filter_complains_of_is_told_and_the_next_text_is_converted(text: Text):
    (text.folder / "bad.lua").write_text(
        "return {{ Meta = function() error('\\nfault\\tx\\ty\\n', 0) end }}"
    )
    with pytest.raises(PandocError, match=r"(?m)^fault\tx\ty$"):
        convert(text, [Output("html5", ["bad.lua"])])
    with pytest.raises(PandocError, match=r"(?m)^fault\tx\ty$"):
        run(text, Output("html5", ["bad.lua"]))
    assert "Words by" in convert(text, [PAGE])[0]


def test_a_filter_that_ends_the_worker_ends_one_conversion_only(text: Text):
    (text.folder / "end.lua").write_text("io.stderr:write('enough')\nos.exit(3)")
    with pytest.raises(PandocError, match="enough"):
        convert(text, [Output("html5", ["end.lua"])])
    assert "Words by" in convert(text, [PAGE])[0]


def test_texts_of_several_threads_do_not_mix(text: Text):
    def page(number: int) -> str:
        return convert(Text(text.folder, [f"Text {number}."]), [Output("html5")])[0].strip()

    with ThreadPoolExecutor(6) as pool:
        assert list(pool.map(page, range(60))) == [f"<p>Text {n}.</p>" for n in range(60)]


@pytest.mark.skipif(os.name != "posix", reason="processes are found by their number")
@pytest.mark.parametrize("number", [None, "SIGKILL", "SIGINT"])
def test_workers_end_with_the_process_that_asked(tmp_path: Path, number: str | None):
    script = (
        "import sys, time\n"
        "from pathlib import Path\n"
        "from critical_minerals.report import pandoc\n"
        "pandoc.convert(pandoc.Text(Path('.'), ['x']), [pandoc.Output('html5')])\n"
        "print(pandoc._IDLE[0]._process.pid, flush=True)\n"
        f"time.sleep({60 if number else 0})\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", script], cwd=tmp_path, stdout=subprocess.PIPE, text=True
    ) as asking:
        assert asking.stdout
        pid = int(asking.stdout.readline())
        if number:
            asking.send_signal(getattr(signal, number))
        asking.wait(20)
    end = time.monotonic() + 10
    while lives(pid) and time.monotonic() < end:
        time.sleep(0.05)
    assert not lives(pid)


@pytest.mark.parametrize("way", ["worker", "program"])
@pytest.mark.parametrize("locale", ["C", "POSIX", "fr_XX.ISO-8859-1"])
def test_accented_folders_are_found_where_no_language_is_set(tmp_path: Path, way: str, locale: str):
    """Cron, containers and clusters set none."""
    folder = tmp_path / "Équipe « n° 1 »"
    folder.mkdir()
    (folder / "mark.lua").write_text(
        "function Str(str) return pandoc.Str('mark.lua ' .. str.text) end"
    )
    (folder / "page.html").write_text("$body$ é", "utf-8")
    output = f"Output('html5', [{str(folder / 'mark.lua')!r}], template='page.html')"
    code = (
        "from pathlib import Path\n"
        "from critical_minerals.report.pandoc import Output, Text, convert, run\n"
        f"text, output = Text(Path({str(folder)!r}), ['Québec']), {output}\n"
        f"print({'convert(text, [output])[0]' if way == 'worker' else 'run(text, output)'})\n"
    )
    environment = {k: v for k, v in os.environ.items() if k != "LANG"} | {"LC_ALL": locale}
    done = subprocess.run(
        [sys.executable, "-X", "utf8", "-c", code],
        env=environment,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert done.stderr == ""
    assert "mark.lua Québec" in done.stdout
    assert "é" in done.stdout
