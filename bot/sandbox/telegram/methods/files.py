"""Files that people sent, for the bot to fetch."""

from bot.sandbox.telegram.errors import refuse
from bot.sandbox.telegram.file_objects import file_json
from bot.sandbox.telegram.methods.method import Method
from bot.sandbox.telegram.world import World

MAX_DOWNLOAD_BYTES = 20 * 1024 * 1024


class GetFile(Method):
    """Tell where a file can be fetched."""

    file_id: str

    async def perform(self, world: World) -> object:
        file = world.files.find(self.file_id)
        if file is None or not file.path.exists():
            refuse("wrong file_id or the file is temporarily unavailable")
        if file.size > MAX_DOWNLOAD_BYTES:
            refuse("file is too big")

        return {**file_json(file), "file_path": world.files.lend(file, now=world.clock())}
