"""Prepare the documents for Quarto by hand; the pipeline has prepared them itself.

Quarto runs this with a Python of its own choice, so it asks the project's for the work.
"""

import os
import subprocess
import sys
from pathlib import Path

project = Path(__file__).resolve().parents[2]
places = [project / ".venv" / folder for folder in ("bin/python", "Scripts/python.exe")]
python = next((str(place) for place in places if place.is_file()), sys.executable)

if "REPORT_PREPARED" not in os.environ:
    command = [python, str(project / "pipeline.py"), "prepare"]
    sys.exit(subprocess.run(command, check=False).returncode)
