"""Bytes are kept by content, appear whole, and go with a temporary folder."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mock_server.core.errors import ConfigurationError
from mock_server.media.blobs import BlobFolder
from mock_server.media.digest import digest_of


@pytest.mark.parametrize("durable", [False, True])
def test_what_was_put_is_got_by_its_digest(tmp_path, durable):
    blobs = BlobFolder(tmp_path / "new" / "folder")
    digest = blobs.put(b"abc", durable=durable)
    assert digest == digest_of(b"abc")
    assert blobs.get(digest) == b"abc"
    assert blobs.put(b"abc", digest=digest) == digest
    assert len([path for path in tmp_path.rglob("*") if path.is_file()]) == 1


def test_another_process_sees_what_is_kept(tmp_path):
    digest = BlobFolder(tmp_path).put(b"abc")
    assert BlobFolder(tmp_path).get(digest) == b"abc"


def test_a_folder_of_the_users_stays(tmp_path):
    blobs = BlobFolder(tmp_path)
    digest = blobs.put(b"abc")
    blobs.close()
    assert BlobFolder(tmp_path).get(digest) == b"abc"


def test_a_temporary_folder_goes_when_it_is_closed():
    blobs = BlobFolder()
    digest = blobs.put(b"abc")
    assert blobs.get(digest) == b"abc"
    blobs.close()
    assert blobs.get(digest) is None


def test_a_temporary_folder_is_made_for_the_first_file(tmp_path, monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    blobs = BlobFolder()
    assert blobs.get("0" * 32) is None
    assert list(tmp_path.iterdir()) == []
    with ThreadPoolExecutor(8) as threads:
        digests = list(threads.map(blobs.put, [b"%d" % number for number in range(64)]))
    assert len(list(tmp_path.iterdir())) == 1, "whoever brings the first file"
    assert [blobs.get(digest) for digest in digests] == [b"%d" % number for number in range(64)]
    blobs.close()
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_was_never_made_need_not_go():
    BlobFolder().close()


@given(
    st.one_of(st.text(max_size=40), st.sampled_from(["", "..", "../../etc/passwd", "0" * 32, "A" * 32, "\0"]))
)
def test_any_text_may_be_asked_for(tmp_path_factory, text):
    assert BlobFolder(tmp_path_factory.getbasetemp()).get(text) is None


def test_no_draft_is_left_behind_by_a_failure(tmp_path):
    blobs = BlobFolder(tmp_path)
    with pytest.raises(TypeError):
        blobs.put("text", digest="0" * 32)
    assert not [path for path in tmp_path.rglob("*") if path.is_file()]


def test_a_name_that_is_no_digest_is_not_written(tmp_path):
    with pytest.raises(ValueError, match="not a digest"):
        BlobFolder(tmp_path).put(b"abc", digest="../abc")


def test_a_folder_that_cannot_be_made_is_a_matter_of_configuration(tmp_path):
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(ConfigurationError, match="cannot keep media in"):
        BlobFolder(tmp_path / "file")
