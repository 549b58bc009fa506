"""The files that Telegram keeps: known to bots by id, to people's apps by address."""

import asyncio
import secrets
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import quote

from bot.sandbox.telegram.model import File
from bot.sandbox.telegram.uploads import Upload

ID_PREFIXES = {"photo": "AgAC", "video": "BAAC", "document": "BQAC", "thumbnail": "AAMC"}
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

    def open(self, root: str) -> None:
        """Give out addresses that begin with *root* from now on."""
        self._root = root

    async def close(self) -> None:
        """Remove the bytes; what was sent stays known by its id."""
        if self._scratch is not None:
            await asyncio.to_thread(self._scratch.cleanup)
            self._scratch = None
        self._by_key.clear()

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

    def find(self, file_id: str) -> File | None:
        return self._by_id.get(file_id.removesuffix(SMALL))

    def shown(self, key: str, name: str) -> File | None:
        """Find what an address leads to, while its bytes are there."""
        file = self._by_key.get(key)
        return file if file is not None and file.name == name else None
