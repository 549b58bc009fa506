"""Files blown up to a size, with nothing that a viewer would show."""

import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass

PIECE_BYTES = 64 * 1024

PNG_END_BYTES = 12
PNG_CHUNK = b"paDd"
"""Ancillary, private and safe to copy, as the case of its letters says."""
OVERHEAD_BYTES = {"png": 12, "mp4": 8}
"""What the wrapping of the padding takes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Padded:
    """A file with many zeros in it, which are never all in memory."""

    head: bytes
    zeros: int = 0
    tail: bytes = b""

    @property
    def size(self) -> int:
        return len(self.head) + self.zeros + len(self.tail)

    def pieces(self) -> Iterator[bytes]:
        """Go through the file."""
        yield self.head
        yield from _zeros(self.zeros)
        if self.tail:
            yield self.tail


def pad(content: bytes, extension: str, *, size: int) -> Padded:
    """Bring a file to exactly *size* bytes; raises ValueError if that is too few."""
    missing = size - len(content)
    zeros = missing - OVERHEAD_BYTES.get(extension, 0)
    if missing == 0:
        return Padded(head=content)
    if zeros < 0:
        message = f"a {extension} of {len(content)} bytes cannot be made to have {size}"
        raise ValueError(message)

    match extension:
        case "png":
            return _with_private_chunk(content, zeros)
        case "mp4":
            return Padded(head=content + struct.pack(">I4s", missing, b"free"), zeros=zeros)
        case _:  # readers of JPEG and WebP leave alone what follows the picture
            return Padded(head=content, zeros=zeros)


def _with_private_chunk(content: bytes, zeros: int) -> Padded:
    checksum = zlib.crc32(PNG_CHUNK)
    for piece in _zeros(zeros):
        checksum = zlib.crc32(piece, checksum)
    return Padded(
        head=content[:-PNG_END_BYTES] + struct.pack(">I4s", zeros, PNG_CHUNK),
        zeros=zeros,
        tail=struct.pack(">I", checksum) + content[-PNG_END_BYTES:],
    )


def _zeros(count: int) -> Iterator[bytes]:
    for start in range(0, count, PIECE_BYTES):
        yield bytes(min(PIECE_BYTES, count - start))
