"""The checks of a client: one file each, pure functions from a case to a verdict with its evidence."""

from contracts.checks.table import CHECKS

__all__ = ["CHECKS"]
