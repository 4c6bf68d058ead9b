"""The catalogue: every fault there is, layer by layer."""

from mock_server.faults.catalogue.table import CATALOGUE

__all__ = ["CATALOGUE"]
