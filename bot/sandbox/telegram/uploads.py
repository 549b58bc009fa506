"""Files that come with a call, spooled to disk while they arrive."""

import asyncio
import hashlib
import secrets
from dataclasses import dataclass
from pathlib import Path

from aiohttp import BodyPartReader, web
from aiohttp.http_exceptions import HttpProcessingError

from bot.sandbox.telegram.entities import check_encoding
from bot.sandbox.telegram.errors import refuse
from bot.sandbox.telegram.model import JsonObject

MAX_UPLOAD_BYTES = 50 * 1024 * 1024
CHUNK_BYTES = 256 * 1024
HEAD_BYTES = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class Upload:
    """A file as it was uploaded; nobody has looked inside yet."""

    name: str
    size: int
    """How many bytes came; those over the limit were not stored."""
    sha256: str
    head: bytes
    """The first few bytes, which tell what it is."""
    path: Path

    @property
    def is_too_large(self) -> bool:
        return self.size > MAX_UPLOAD_BYTES

    def as_json(self) -> JsonObject:
        return {"name": self.name, "size": self.size}


async def read_multipart(
    request: web.Request, folder: Path
) -> tuple[dict[str, str], dict[str, Upload]]:
    """Read a form to its end: the texts and the files, each by the name of its field.

    A file that is too large is read as well: who is still sending would not see a refusal.
    """
    texts: dict[str, str] = {}
    uploads: dict[str, Upload] = {}
    try:
        form = await request.multipart()
        while (part := await form.next()) is not None:
            if not isinstance(part, BodyPartReader) or part.name is None:
                refuse("can't parse multipart form")
            if part.filename is None:
                texts[part.name] = await part.text()
            else:
                uploads[part.name] = await _spool(part, part.filename, folder)
    except (HttpProcessingError, ValueError):
        refuse("can't parse multipart form")

    return texts, uploads


async def _spool(part: BodyPartReader, name: str, folder: Path) -> Upload:
    check_encoding(name)
    digest, head, size = hashlib.sha256(), b"", 0
    path = folder / secrets.token_hex(8)
    with await asyncio.to_thread(path.open, "wb") as file:
        while not part.at_eof():
            chunk = await part.read_chunk(CHUNK_BYTES)
            size += len(chunk)
            head += chunk[: HEAD_BYTES - len(head)]
            if size <= MAX_UPLOAD_BYTES:
                digest.update(chunk)
                await asyncio.to_thread(file.write, chunk)

    return Upload(
        name=Path(name).name or "file", size=size, sha256=digest.hexdigest(), head=head, path=path
    )
