"""Hypothesis strategies from a provider's contract: requests, media, and whole stories of a server."""

from contracts.strategies.media import broken_facts, edge_facts, fine_facts
from contracts.strategies.requests import (
    Request,
    boundary_requests,
    invalid_requests,
    valid_requests,
    violations,
)
from contracts.strategies.stories import Scope, events, media, stories

__all__ = [
    "Request",
    "Scope",
    "boundary_requests",
    "broken_facts",
    "edge_facts",
    "events",
    "fine_facts",
    "invalid_requests",
    "media",
    "stories",
    "valid_requests",
    "violations",
]
