"""Reproducible progress report on Canada's Critical Minerals Strategy."""

import sys

__version__ = "0.1.0"

# jsonschema, with which Altair and papermill check what they are given, builds a grammar of web
# addresses as soon as it is imported: a third of all import time, in every kernel. Nothing here
# needs it, and jsonschema does without where the package is not installed.
sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]
