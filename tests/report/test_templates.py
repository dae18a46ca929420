import ast
import re
from pathlib import Path

import critical_minerals
from critical_minerals.language.shown import mime_bundle
from critical_minerals.publish.previewing import Section

CODE = Path(critical_minerals.__file__).parent
ELEMENT = re.compile(r"(?<!\?P)</?[a-z][a-z0-9]*[\s>/]")
MARKS = ("report/fragments.py",)
"""Where what Pandoc makes of a mark is found again by its form."""


def test_no_code_writes_elements_around_values_but_templates_that_escape():
    written = [
        (path.name, ast.unparse(node))
        for path in sorted(CODE.rglob("*.py"))
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.JoinedStr) and path.relative_to(CODE).as_posix() not in MARKS
        for part in node.values
        if isinstance(part, ast.Constant) and ELEMENT.search(str(part.value))
    ]
    assert written == []


def test_texts_shown_in_a_notebook_are_never_markup():
    shown = mime_bundle({"en": "<b>1</b>"}, {"fr": "<script>"})["text/html"]
    assert "&lt;b&gt;1&lt;/b&gt;" in shown
    assert '<span style="color:#b00020">missing: &lt;script&gt;</span>' in shown


def test_a_section_in_a_frame_does_not_end_its_attribute():
    shown = Section('<main class="a">')._repr_html_()
    assert 'srcdoc="&lt;main class=&#34;a&#34;&gt;"' in shown
