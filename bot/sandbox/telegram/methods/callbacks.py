"""Answers to pressed buttons."""

from pydantic import Field

from bot.sandbox.telegram.errors import refuse, refuse_query
from bot.sandbox.telegram.methods.method import Method
from bot.sandbox.telegram.model import CallbackAnswer
from bot.sandbox.telegram.world import World

MAX_TEXT_LENGTH = 200


class AnswerCallbackQuery(Method):
    """End the spinner on a button, with or without a word."""

    callback_query_id: str
    text: str = ""
    show_alert: bool = False
    url: str | None = None
    cache_time: int = Field(default=0, ge=0)

    async def perform(self, world: World) -> object:
        if len(self.text) > MAX_TEXT_LENGTH:
            refuse("MESSAGE_TOO_LONG")
        if self.url is not None:
            # Only games, and links to the bot itself, may be opened in this way.
            refuse("URL_INVALID")

        press = world.presses.get(self.callback_query_id)
        if press is None or not press.is_open:
            refuse_query()

        press.resolve(CallbackAnswer(text=self.text, show_alert=self.show_alert))
        return True
