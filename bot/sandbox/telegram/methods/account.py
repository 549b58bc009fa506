"""The bot itself: who it is, how it is described, how it is connected."""

from pydantic import Field

from bot.sandbox.telegram.methods.method import Method
from bot.sandbox.telegram.objects import user_json
from bot.sandbox.telegram.world import World

MAX_DESCRIPTION = 512
MAX_SHORT_DESCRIPTION = 120


class GetMe(Method):
    """Describe the bot."""

    async def perform(self, world: World) -> object:
        return {
            **user_json(world.bot),
            "can_join_groups": True,
            "can_read_all_group_messages": world.can_read_all_group_messages,
            "supports_inline_queries": False,
            "can_connect_to_business": False,
            "has_main_web_app": False,
            "has_topics_enabled": False,
        }


class SetMyDescription(Method):
    """Set what an empty chat with the bot shows."""

    description: str = Field(default="", max_length=MAX_DESCRIPTION)
    language_code: str = Field(default="", pattern=r"^([a-z]{2})?$")

    async def perform(self, world: World) -> object:
        world.descriptions["description", self.language_code] = self.description
        return True


class SetMyShortDescription(Method):
    """Set what the bot's profile shows."""

    short_description: str = Field(default="", max_length=MAX_SHORT_DESCRIPTION)
    language_code: str = Field(default="", pattern=r"^([a-z]{2})?$")

    async def perform(self, world: World) -> object:
        world.descriptions["short_description", self.language_code] = self.short_description
        return True


class LogOut(Method):
    """Leave this server for another one."""

    async def perform(self, world: World) -> object:  # noqa: ARG002 - nothing here remembers it
        return True


class Close(Method):
    """Close the bot here before it moves to another server."""

    async def perform(self, world: World) -> object:  # noqa: ARG002 - nothing here remembers it
        return True
