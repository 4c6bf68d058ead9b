"""The surfaces by the names of their providers."""

from __future__ import annotations

from collections.abc import Mapping

from contracts.conform.surfaces.gmi import Gmi
from contracts.conform.surfaces.kirin import Kirin
from contracts.conform.surfaces.kling import Kling
from contracts.conform.surfaces.surface import Surface

SURFACES: Mapping[str, Surface] = {surface.provider: surface for surface in (Kling(), Gmi(), Kirin())}
