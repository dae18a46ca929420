"""Every example in a docstring is true."""

import doctest
import importlib
import pkgutil

import pytest

import critical_minerals

MODULES = [
    module.name
    for module in pkgutil.walk_packages(critical_minerals.__path__, "critical_minerals.")
    if not module.ispkg and ".preload" not in module.name  # these change who imports them
]


@pytest.mark.parametrize("name", MODULES)
def test_examples(name: str):
    module = importlib.import_module(name)
    assert doctest.testmod(module).failed == 0


def test_there_are_examples():
    finder = doctest.DocTestFinder(exclude_empty=True)
    modules = [importlib.import_module(name) for name in MODULES]
    found = [test for module in modules for test in finder.find(module) if test.examples]
    assert len(found) > 15
