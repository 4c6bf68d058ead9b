"""The three providers through one pair of eyes."""

from contracts.conform.surfaces.surface import Surface
from contracts.conform.surfaces.table import SURFACES

__all__ = ["SURFACES", "Surface"]
