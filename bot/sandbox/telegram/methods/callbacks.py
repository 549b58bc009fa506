"""Answers to pressed buttons."""

from pydantic import Field

from bot.sandbox.telegram.errors import refuse_query
from bot.sandbox.telegram.methods.method import Method
from bot.sandbox.telegram.model import CallbackAnswer
from bot.sandbox.telegram.world import World


class AnswerCallbackQuery(Method):
    """End the spinner on a button, with or without a word."""

    callback_query_id: str
    text: str = Field(default="", max_length=200)
    show_alert: bool = False
    cache_time: int = 0

    async def perform(self, world: World) -> object:
        press = world.presses.get(self.callback_query_id)
        if press is None or not press.is_open:
            refuse_query()

        press.resolve(CallbackAnswer(text=self.text, show_alert=self.show_alert))
        return True
