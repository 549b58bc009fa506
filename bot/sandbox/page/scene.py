"""All that the page shows to one person, as a flat store, and what changes in it."""

from collections.abc import Mapping

from bot.sandbox.page.calls import CallLog
from bot.sandbox.page.mishaps import Mishaps
from bot.sandbox.page.views import chat_view, message_views
from bot.sandbox.stage import Stage
from bot.sandbox.telegram.model import JsonObject


class Scene:
    """What can be seen of the stage."""

    def __init__(self, stage: Stage, mishaps: Mishaps) -> None:
        self._stage = stage
        self._mishaps = mishaps
        self._calls = CallLog(stage.telegram, stage.elumenta)

    def seen_by(self, name: str) -> dict[str, JsonObject]:
        """Show the chats of one person and, whoever it is, what goes on behind the scenes."""
        person = self._stage.cast.person(name)
        chats = self._stage.cast.chats_of(person)
        bot = self._stage.bot
        return {
            "bot": {"state": bot.state.value, "lastWords": bot.last_words},
            "mishaps": self._mishaps.states(),
            **{f"chat/{chat.id}": chat_view(chat, person) for chat in chats},
            **{key: view for chat in chats for key, view in message_views(chat, person)},
            **{f"call/{key}": view for key, view in self._calls.newest().items()},
        }


def changes(before: Mapping[str, JsonObject], now: Mapping[str, JsonObject]) -> JsonObject:
    """Say what makes one store of the other; nothing when they are the same."""
    put = {key: view for key, view in now.items() if before.get(key) != view}
    dropped = [key for key in before if key not in now]
    return {**({"put": put} if put else {}), **({"drop": dropped} if dropped else {})}
