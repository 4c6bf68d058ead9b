"""Every module of the catalogue, in the order in which faults are listed."""

from __future__ import annotations

from mock_server.faults.catalogue.asynchronous import ends as asynchronous_ends
from mock_server.faults.catalogue.asynchronous import faces as asynchronous_faces
from mock_server.faults.catalogue.asynchronous import pace as asynchronous_pace
from mock_server.faults.catalogue.asynchronous import polls as asynchronous_polls
from mock_server.faults.catalogue.asynchronous import results as asynchronous_results
from mock_server.faults.catalogue.auth import refusals as auth_refusals
from mock_server.faults.catalogue.callback import body as callback_body
from mock_server.faults.catalogue.callback import sending as callback_sending
from mock_server.faults.catalogue.callback import signature as callback_signature
from mock_server.faults.catalogue.http import coding as http_coding
from mock_server.faults.catalogue.http import gateway as http_gateway
from mock_server.faults.catalogue.http import idempotency as http_idempotency
from mock_server.faults.catalogue.http import limits as http_limits
from mock_server.faults.catalogue.http import submit as http_submit
from mock_server.faults.catalogue.media import content as media_content
from mock_server.faults.catalogue.media import links as media_links
from mock_server.faults.catalogue.media import redirects as media_redirects
from mock_server.faults.catalogue.media import transfer as media_transfer
from mock_server.faults.catalogue.network import answer as network_answer
from mock_server.faults.catalogue.network import server as network_server
from mock_server.faults.catalogue.network import silence as network_silence
from mock_server.faults.catalogue.network import submit as network_submit
from mock_server.faults.catalogue.payload import error_code as payload_error_code
from mock_server.faults.catalogue.payload import failed as payload_failed
from mock_server.faults.catalogue.payload import fields as payload_fields
from mock_server.faults.catalogue.payload import malformed as payload_malformed
from mock_server.faults.catalogue.payload import value_types as payload_value_types
from mock_server.faults.catalogue.payload import words as payload_words
from mock_server.faults.registry import Registry

CATALOGUE = Registry(
    (
        *network_submit.FAULTS,
        *network_silence.FAULTS,
        *network_answer.FAULTS,
        *network_server.FAULTS,
        *http_gateway.FAULTS,
        *http_submit.FAULTS,
        *http_idempotency.FAULTS,
        *http_limits.FAULTS,
        *http_coding.FAULTS,
        *payload_error_code.FAULTS,
        *payload_words.FAULTS,
        *payload_failed.FAULTS,
        *payload_fields.FAULTS,
        *payload_value_types.FAULTS,
        *payload_malformed.FAULTS,
        *asynchronous_pace.FAULTS,
        *asynchronous_ends.FAULTS,
        *asynchronous_polls.FAULTS,
        *asynchronous_results.FAULTS,
        *asynchronous_faces.FAULTS,
        *callback_sending.FAULTS,
        *callback_signature.FAULTS,
        *callback_body.FAULTS,
        *media_links.FAULTS,
        *media_redirects.FAULTS,
        *media_transfer.FAULTS,
        *media_content.FAULTS,
        *auth_refusals.FAULTS,
    )
)
