"""What a notebook sees: its parameters, tables and checks, and how it publishes."""

from critical_minerals.notebook.session import Notebook, open_notebook

__all__ = ["Notebook", "open_notebook"]
