"""The files a call speaks of: those it brought along, and those Telegram has already."""

from collections.abc import Mapping

from bot.sandbox.telegram.errors import refuse
from bot.sandbox.telegram.files import FileStore
from bot.sandbox.telegram.model import File
from bot.sandbox.telegram.uploads import Upload

PREFIX = "attach://"
ADDRESSES = ("http://", "https://", "file://")


class Attachments:
    """Finds what `photo=attach://NAME`, a file id, or an upload named `photo` mean."""

    def __init__(self, files: FileStore, uploads: Mapping[str, Upload]) -> None:
        self.files = files
        self._uploads = uploads
        self._used: set[str] = set()

    def pick(self, source: str, *, kind: str, field: str | None = None) -> Upload | File:
        """Find a file; *field* names the parameter, where the file itself may come in its place.

        Files from elsewhere in the web are refused: what Telegram fetches is out of our hands.
        """
        if not source or source.startswith(PREFIX):
            return self._upload(source.removeprefix(PREFIX) or field, field)
        if source.startswith(ADDRESSES):
            refuse("addresses are not supported, upload the file")

        file = self.files.find(source)
        if file is None:
            refuse("wrong file identifier/HTTP URL specified")
        if file.kind != kind:
            refuse(f"can't use file of type {file.kind.title()} as {kind.title()}")
        return file

    def upload(self, source: str, *, field: str) -> Upload:
        """Find a file that cannot be sent by its id."""
        if not source.startswith(PREFIX):
            refuse(f"{field} must be uploaded as a new file")
        return self._upload(source.removeprefix(PREFIX), field)

    def check_all_used(self) -> None:
        """Refuse files that nothing speaks of, which Telegram would drop in silence."""
        for name in self._uploads:
            if name not in self._used:
                refuse(f"unexpected file {name}")

    def _upload(self, name: str | None, field: str | None) -> Upload:
        upload = self._uploads.get(name or "")
        if upload is None and field is None:
            refuse("can't parse InputMedia: media not found")
        if upload is None:
            refuse(f"there is no {field} in the request")
        if upload.size == 0:
            refuse("file must be non-empty")

        self._used.add(name or "")
        return upload
