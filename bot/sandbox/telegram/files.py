"""The files that Telegram keeps: known to bots by id, to people's apps by address."""

import asyncio
import hashlib
import itertools
import mimetypes
import secrets
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import quote

from bot.sandbox.telegram.model import File
from bot.sandbox.telegram.uploads import HEAD_BYTES, Upload

ID_PREFIXES = {"photo": "AgAC", "video": "BAAC", "document": "BQAC", "thumbnail": "AAMC"}
FOLDERS = {
    "photo": "photos",
    "video": "videos",
    "document": "documents",
    "thumbnail": "thumbnails",
}
ANY_TYPE = "application/octet-stream"
LENDING_SECONDS = 60 * 60
SMALL = "-small"
"""Ends the id of a photo's small size; who sends it on sends the photo."""


class FileStore:
    """Keeps uploads in a temporary folder until it is closed.

    Uploads that were refused lie there as well, but nobody can find them.
    """

    def __init__(self) -> None:
        self._root = ""
        self._scratch: TemporaryDirectory[str] | None = None
        self._by_id: dict[str, File] = {}
        self._by_key: dict[str, File] = {}
        self._lent: dict[str, tuple[float, File]] = {}
        self._numbers = itertools.count(1)

    def open(self, root: str) -> None:
        """Give out addresses that begin with *root* from now on."""
        self._root = root

    async def close(self) -> None:
        """Remove the bytes; what was sent stays known by its id."""
        if self._scratch is not None:
            await asyncio.to_thread(self._scratch.cleanup)
            self._scratch = None
        self._by_key.clear()
        self._lent.clear()

    @property
    def folder(self) -> Path:
        """Where uploads are spooled to; made when it is needed."""
        if self._scratch is None:
            self._scratch = TemporaryDirectory(
                prefix="telegram-files-", ignore_cleanup_errors=True
            )
        return Path(self._scratch.name)

    def keep(
        self,
        upload: Upload,
        *,
        kind: str,
        mime_type: str,
        is_size_told: bool = True,
        width: int | None = None,
        height: int | None = None,
        duration: int | None = None,
        supports_streaming: bool = False,
        thumbnail: File | None = None,
    ) -> File:
        """Make an upload a file with an id and an address."""
        key = secrets.token_urlsafe(16)
        file = File(
            file_id=ID_PREFIXES[kind] + secrets.token_urlsafe(32),
            kind=kind,
            size=upload.size,
            is_size_told=is_size_told,
            sha256=upload.sha256,
            name=upload.name,
            mime_type=mime_type,
            width=width,
            height=height,
            duration=duration,
            supports_streaming=supports_streaming,
            thumbnail=thumbnail,
            path=upload.path,
            url=f"{self._root}/media/{key}/{quote(upload.name, safe='')}",
        )
        self._by_id[file.file_id] = file
        self._by_key[key] = file
        return file

    def keep_document(
        self, name: str, content: bytes, *, mime_type: str | None, is_size_told: bool
    ) -> File:
        """Take in a file that a person sends."""
        path = self.folder / secrets.token_hex(8)
        path.write_bytes(content)
        upload = Upload(
            name=name,
            size=len(content),
            sha256=hashlib.sha256(content).hexdigest(),
            head=content[:HEAD_BYTES],
            path=path,
        )
        return self.keep(
            upload,
            kind="document",
            mime_type=mime_type or type_of(name),
            is_size_told=is_size_told,
        )

    def lend(self, file: File, *, now: float) -> str:
        """Give out a path where a bot can fetch the bytes for an hour."""
        ending = Path(file.name).suffix
        path = f"{FOLDERS[file.kind]}/file_{next(self._numbers)}{ending}"
        self._lent[path] = now + LENDING_SECONDS, file
        return path

    def lent(self, path: str, *, now: float) -> File | None:
        """Find what may be fetched at a path."""
        until, file = self._lent.get(path, (0, None))
        return file if now < until else None

    def find(self, file_id: str) -> File | None:
        return self._by_id.get(file_id.removesuffix(SMALL))

    def shown(self, key: str, name: str) -> File | None:
        """Find what an address leads to, while its bytes are there."""
        file = self._by_key.get(key)
        return file if file is not None and file.name == name else None


def type_of(name: str) -> str:
    """Guess the type of a file by the end of its name, as apps and Telegram do."""
    mime_type, _ = mimetypes.guess_type(name, strict=False)
    return mime_type or ANY_TYPE
