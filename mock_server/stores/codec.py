"""Values to bytes and back: msgpack with named fields, so that a later version can read an earlier one's.

A field of type float comes back as a float even where an int was put in; everything else comes back equal.
"""

from __future__ import annotations

import msgspec.msgpack

from mock_server.core.delivery import Delivery
from mock_server.core.journal import Entry
from mock_server.core.media import MediaFacts
from mock_server.core.session import Session, Speech
from mock_server.core.task import Task
from mock_server.core.world import World

encode = msgspec.msgpack.Encoder().encode

decode_world = msgspec.msgpack.Decoder(World).decode
decode_session = msgspec.msgpack.Decoder(Session).decode
decode_speech = msgspec.msgpack.Decoder(Speech).decode
decode_task = msgspec.msgpack.Decoder(Task).decode
decode_delivery = msgspec.msgpack.Decoder(Delivery).decode
decode_media = msgspec.msgpack.Decoder(MediaFacts).decode
decode_entry = msgspec.msgpack.Decoder(Entry).decode
