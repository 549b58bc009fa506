"""Reads what Telegram answers, also when a part of it is newer than this program."""

import structlog
from aiogram import Bot
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.exceptions import ClientDecodeError
from aiogram.methods import GetUpdates, Response, TelegramMethod
from aiogram.methods.base import TelegramType
from aiogram.types import Update
from pydantic import ValidationError

log = structlog.get_logger(__name__)


class TolerantSession(AiohttpSession):
    """Takes what it can read of a batch of updates.

    One that cannot be read would otherwise be fetched again and again, the bot would hear nothing
    else, and the log would quote everybody in the batch.
    """

    def check_response(
        self, bot: Bot, method: TelegramMethod[TelegramType], status_code: int, content: str
    ) -> Response[TelegramType]:
        try:
            return super().check_response(bot, method, status_code, content)
        except ClientDecodeError as error:
            if not isinstance(error.original, ValidationError) or not _is_polling(method):
                raise

        readable = [_readable(update) for update in self.json_loads(content)["result"]]
        body = self.json_dumps({"ok": True, "result": readable})
        return super().check_response(bot, method, status_code, body)


def _is_polling(method: object) -> bool:
    return isinstance(method, GetUpdates)


def _readable(update: dict[str, object]) -> dict[str, object]:
    """Empty an update that cannot be read; its id lets the next ones come."""
    try:
        Update.model_validate(update)
    except ValidationError:
        log.warning("update.unreadable", update=update["update_id"])
        return {"update_id": update["update_id"]}
    return update
