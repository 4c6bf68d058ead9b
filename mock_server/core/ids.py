"""Ids in each provider's form, computed from (seed, tenant, kind, number): no global randomness."""

from __future__ import annotations

from functools import cache
from hashlib import blake2b
from struct import Struct

_XID_ALPHABET = "0123456789abcdefghijklmnopqrstuv"
_TWO_NUMBERS = Struct(">QQ").unpack_from


class Choices:
    """The one source of ids and choices of a tenant. Same seed, same tenant, same words: same answer."""

    __slots__ = ("_state", "seed", "tenant")

    def __init__(self, seed: int, tenant: str) -> None:
        self.seed = seed
        self.tenant = tenant
        self._state = blake2b(f"{seed}\x1f{tenant}\x1f".encode("utf-8", "surrogatepass"), digest_size=32)
        """The hash as it stands after seed and tenant: every id goes on from a copy of it."""

    def digest(self, *words: object) -> bytes:
        """32 bytes that depend on every word, the tenant and the seed."""
        state = self._state.copy()
        state.update((_joined(len(words)) % words).encode("utf-8", "surrogatepass"))
        return state.digest()

    def number(self, low: int, high: int, *words: object) -> int:
        """An integer in ``[low, high]``."""
        return low + int.from_bytes(self.digest(*words)[:8], "big") % (high - low + 1)

    def decimal_id(self, *words: object) -> str:
        """18 decimal digits that start with 8, as Kling's ids do."""
        return self.decimal_pair(*words)[0]

    def decimal_pair(self, *words: object) -> tuple[str, str]:
        """Two ids as of ``decimal_id``, the first of them the very same: a task's and its result's."""
        first, second = _TWO_NUMBERS(self.digest(*words))
        return str(8 * 10**17 + first % 10**17), str(8 * 10**17 + second % 10**17)

    def uuid(self, *words: object) -> str:
        """A random-looking version 4 UUID."""
        digest = self.digest(*words)
        text = digest.hex()
        variant = "89ab"[digest[8] >> 4 & 3]
        return f"{text[:8]}-{text[8:12]}-4{text[13:16]}-{variant}{text[17:20]}-{text[20:32]}"

    def xid(self, *words: object) -> str:
        """20 lower-case characters, as the gateway behind Kirin writes task ids."""
        value = int.from_bytes(self.digest(*words)[:13], "big")
        return "".join(_XID_ALPHABET[(value >> shift) & 31] for shift in range(95, -1, -5))


@cache
def _joined(count: int) -> str:
    """The pattern that joins ``count`` words: every answer carries an id, and this is half as dear as ``str.join``."""
    return "\x1f".join(["%s"] * count)
