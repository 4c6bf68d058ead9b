"""Ids in each provider's form, computed from (seed, tenant, kind, number): no global randomness."""

from __future__ import annotations

from functools import lru_cache
from hashlib import blake2b

from msgspec import Struct

_XID_ALPHABET = "0123456789abcdefghijklmnopqrstuv"


class Choices(Struct, frozen=True):
    """The one source of ids and choices of a tenant. Same seed, same tenant, same words: same answer."""

    seed: int
    tenant: str

    def digest(self, *words: object) -> bytes:
        """32 bytes that depend on every word, the tenant and the seed."""
        state = _state_of(self.seed, self.tenant).copy()
        state.update("\x1f".join(map(str, words)).encode("utf-8", "surrogatepass"))
        return state.digest()

    def number(self, low: int, high: int, *words: object) -> int:
        """An integer in ``[low, high]``."""
        return low + int.from_bytes(self.digest(*words)[:8], "big") % (high - low + 1)

    def decimal_id(self, *words: object) -> str:
        """18 decimal digits that start with 8, as Kling's ids do."""
        return _decimal(self.digest(*words)[:8])

    def decimal_pair(self, *words: object) -> tuple[str, str]:
        """Two ids as of ``decimal_id``, the first of them the very same: a task's and its result's."""
        digest = self.digest(*words)
        return _decimal(digest[:8]), _decimal(digest[8:16])

    def uuid(self, *words: object) -> str:
        """A random-looking version 4 UUID."""
        text = self.digest(*words).hex()
        variant = "89ab"[int(text[16], 16) & 3]
        return f"{text[:8]}-{text[8:12]}-4{text[13:16]}-{variant}{text[17:20]}-{text[20:32]}"

    def xid(self, *words: object) -> str:
        """20 lower-case characters, as the gateway behind Kirin writes task ids."""
        value = int.from_bytes(self.digest(*words)[:13], "big")
        return "".join(_XID_ALPHABET[(value >> shift) & 31] for shift in range(95, -1, -5))


def _decimal(data: bytes) -> str:
    return str(8 * 10**17 + int.from_bytes(data, "big") % 10**17)


@lru_cache(maxsize=4096)
def _state_of(seed: int, tenant: str) -> blake2b:
    """The hash as it stands after seed and tenant: every id goes on from a copy of it."""
    return blake2b(f"{seed}\x1f{tenant}\x1f".encode("utf-8", "surrogatepass"), digest_size=32)
