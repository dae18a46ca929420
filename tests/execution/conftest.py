"""The small jobs of `errands` are found here as they are by the workers that are to do them."""

import os
import sys
from collections.abc import Generator
from pathlib import Path

import pytest

HERE = str(Path(__file__).parent)
sys.path.insert(0, HERE)


@pytest.fixture(scope="session", autouse=True)
def findable() -> Generator[None]:
    known = [HERE, *filter(None, [os.environ.get("PYTHONPATH")])]
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONPATH", os.pathsep.join(known))
        yield
