"""A throw-away certificate authority, for clients that refuse plain http."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from mock_server.core.errors import ConfigurationError

CA_VARIABLES = ("SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "NODE_EXTRA_CA_CERTS")
"""What OpenSSL and httpx, requests, and Node read to trust one more authority."""
_LOCAL_NAMES = ("localhost", "127.0.0.1", "::1")


@dataclass(frozen=True, slots=True)
class Certificate:
    """Where the files are: ``ca_file`` for clients; ``server_file`` holds the certificate and its key."""

    ca_file: Path
    server_file: Path

    def exports(self) -> list[str]:
        """Shell lines that make clients trust it."""
        return [f"export {name}={self.ca_file}" for name in CA_VARIABLES]


def make_certificate(folder: Path | None, public_url: str = "") -> Certificate:
    """Write ``ca.pem`` and ``server.pem`` for this machine's names and the host of ``public_url``.

    Without a folder they go into a new temporary one, which stays: a client may outlive the server.
    Raises ConfigurationError where the folder cannot be written.
    """
    # a tenth of a second that a server without TLS need not wait for
    import trustme

    authority = trustme.CA(organization_name="lipflap, for tests only")
    issued = authority.issue_cert(*_names(public_url))
    try:
        home = Path(tempfile.mkdtemp(prefix="lipflap-tls-")) if folder is None else folder.absolute()
        home.mkdir(parents=True, exist_ok=True)
        certificate = Certificate(home / "ca.pem", home / "server.pem")
        authority.cert_pem.write_to_path(certificate.ca_file)
        # readable by nobody else before the key is in it
        certificate.server_file.unlink(missing_ok=True)
        certificate.server_file.touch(mode=0o600)
        issued.private_key_and_cert_chain_pem.write_to_path(certificate.server_file)
    except OSError as fault:
        raise ConfigurationError(f"cannot write a certificate to {folder}: {fault.strerror}") from fault
    return certificate


def _names(public_url: str) -> Iterable[str]:
    host = urlsplit(public_url).hostname
    return dict.fromkeys((*_LOCAL_NAMES, *([host] if host else [])))
