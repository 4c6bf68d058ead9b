"""Writing fields of single bits, as H.264 and FLAC headers are made of."""

from __future__ import annotations


def fixed(value: int, width: int) -> str:
    """``value`` as ``width`` binary digits."""
    return f"{value:0{width}b}"


def unsigned(value: int) -> str:
    """Exponential-Golomb code of ``value`` >= 0: ``ue(v)`` of H.264 § 9.1."""
    code = f"{value + 1:b}"
    return "0" * (len(code) - 1) + code


def signed(value: int) -> str:
    """Exponential-Golomb code of any integer: ``se(v)`` of H.264 § 9.1.1."""
    return unsigned(2 * value - 1 if value > 0 else -2 * value)


def packed(*fields: str) -> bytes:
    """Binary digits as bytes; they must fill whole ones."""
    digits = "".join(fields)
    if len(digits) % 8:
        raise ValueError(f"{len(digits)} bits do not fill whole bytes")
    return int(digits, 2).to_bytes(len(digits) // 8, "big") if digits else b""
