"""The throw-away authority: whom it names, what it leaves, and who may read the key."""

from __future__ import annotations

import ssl
import stat
from pathlib import Path

import pytest

from mock_server.core.errors import ConfigurationError
from mock_server.tls import CA_VARIABLES, make_certificate


def test_the_certificate_is_signed_by_the_authority_it_leaves(tmp_path: Path) -> None:
    made = make_certificate(tmp_path / "new" / "folder", "https://mock.test:8443")
    assert made.ca_file == tmp_path / "new" / "folder" / "ca.pem"
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(made.server_file)
    for name in ("localhost", "127.0.0.1", "::1", "mock.test"):
        assert _shakes_hands(server, made.ca_file, name)
    with pytest.raises(ssl.SSLCertVerificationError):
        _shakes_hands(server, made.ca_file, "other.test")


def _shakes_hands(server: ssl.SSLContext, ca_file: Path, name: str) -> bool:
    """A handshake without a socket."""
    client = ssl.create_default_context(cafile=str(ca_file))
    to_server, to_client = ssl.MemoryBIO(), ssl.MemoryBIO()
    near = client.wrap_bio(to_client, to_server, server_hostname=name)
    far = server.wrap_bio(to_server, to_client, server_side=True)
    for _ in range(3):
        for side in (near, far):
            try:
                side.do_handshake()
            except ssl.SSLWantReadError:
                continue
    return near.getpeercert() is not None


def test_only_the_owner_may_read_the_key(tmp_path: Path) -> None:
    (tmp_path / "server.pem").write_text("older, and open to all")
    made = make_certificate(tmp_path)
    assert stat.S_IMODE(made.server_file.stat().st_mode) == 0o600
    assert "PRIVATE KEY" in made.server_file.read_text()
    assert "PRIVATE KEY" not in made.ca_file.read_text()


def test_every_common_client_is_told_whom_to_trust(tmp_path: Path) -> None:
    made = make_certificate(tmp_path)
    assert made.exports() == [f"export {name}={tmp_path / 'ca.pem'}" for name in CA_VARIABLES]


def test_a_folder_that_cannot_be_made_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(ConfigurationError, match="cannot write a certificate to"):
        make_certificate(tmp_path / "file")
