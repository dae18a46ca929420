"""Reproducible progress report on Canada's Critical Minerals Strategy."""

__version__ = "0.1.0"
