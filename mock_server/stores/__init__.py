"""Where a server's memory is kept: one protocol, two stores that agree."""

from mock_server.stores.base import ExternalIdTaken, JournalPage, Part, SlotsFull, Store
from mock_server.stores.location import open_store

__all__ = ["ExternalIdTaken", "JournalPage", "Part", "SlotsFull", "Store", "open_store"]
