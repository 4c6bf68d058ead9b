"""The servers of a test session: one of our own in a thread of this process, or one that runs somewhere."""

from __future__ import annotations

from collections.abc import Callable
from types import TracebackType
from typing import TYPE_CHECKING, Self

from contracts.witness.server import ServerAddress

if TYPE_CHECKING:
    from mock_server.hosting.background import BackgroundServer


class PluginServer:
    """``url`` is where it is. ``background`` is None for a server that runs elsewhere: its clock cannot be stepped."""

    def __init__(self, url: str, admin_token: str = "", background: BackgroundServer | None = None) -> None:
        self.url = url
        self.background = background
        self.address = ServerAddress(url, admin_token)

    @classmethod
    def started(cls, settings: dict[str, object]) -> Self:
        """One of our own on a free port, with these settings of ``lipflap serve``. Raises ConfigurationError."""
        from mock_server.hosting.background import BackgroundServer
        from mock_server.settings import Settings

        background = BackgroundServer(Settings(**{"port": 0, **settings}))  # type: ignore[arg-type]  # it checks them
        background.__enter__()
        return cls(background.url, str(settings.get("admin_token", "")), background)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self.background is not None:
            self.background.__exit__(kind, fault, trace)


MakeServer = Callable[[dict[str, object]], PluginServer]
