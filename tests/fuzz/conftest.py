"""The smallest report there can be is found here as it is by the tests of runs."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "execution"))
