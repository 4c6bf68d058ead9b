"""The rules that a server is held to, one file each."""

from contracts.conform.checks.table import CHECKS

__all__ = ["CHECKS"]
