"""The one place where the version of lipflap is written."""

__version__ = "0.1.0"
