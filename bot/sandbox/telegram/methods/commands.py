"""The menu of commands, by audience and language."""

from typing import Literal, Self

from pydantic import Field, model_validator

from bot.sandbox.telegram.errors import refuse
from bot.sandbox.telegram.menus import CommandKey
from bot.sandbox.telegram.methods.method import Fields, Method
from bot.sandbox.telegram.room import ChatType
from bot.sandbox.telegram.world import World

MAX_COMMANDS = 100


class CommandFields(Fields):
    """One line of the menu."""

    command: str = Field(pattern=r"^[a-z0-9_]{1,32}$")
    description: str = Field(min_length=1, max_length=256)


class ScopeFields(Fields):
    """Who sees a menu."""

    type: Literal[
        "default",
        "all_private_chats",
        "all_group_chats",
        "all_chat_administrators",
        "chat",
        "chat_administrators",
        "chat_member",
    ] = "default"
    chat_id: int | str | None = None
    user_id: int | None = None

    @model_validator(mode="after")
    def _has_what_its_type_needs(self) -> Self:
        if self.type.startswith("chat") != (self.chat_id is not None):
            refuse("can't parse BotCommandScope: chat_id is for scopes of one chat")
        if (self.type == "chat_member") != (self.user_id is not None):
            refuse("can't parse BotCommandScope: user_id is for scopes of one member")
        return self

    def check(self, world: World) -> None:
        """Refuse a chat that has no such menu, or that the bot cannot know."""
        chat_id = self.chat_id or 0
        if world.acquaintance(chat_id) is not None:
            if self.type != "chat":
                refuse("can't use specified scope in private chats")
            return

        if world.room(chat_id).type is ChatType.CHANNEL:
            refuse("can't change commands in channel chats")
        if self.type == "chat_member" and self.user_id not in world.people:
            refuse("user not found")


class CommandMethod(Method):
    """A call about one menu."""

    scope: ScopeFields = ScopeFields()
    language_code: str = Field(default="", pattern=r"^([a-z]{2})?$")

    def key(self, world: World) -> CommandKey:
        """Name the menu: the type of its scope, with the chat where there is one."""
        scope = self.scope
        if scope.type.startswith("chat"):
            scope.check(world)

        owner = [scope.type, scope.chat_id, scope.user_id]
        return ":".join(str(part) for part in owner if part is not None), self.language_code


class SetMyCommands(CommandMethod):
    """Replace a menu.

    What an empty one does is not documented: menus are removed by `deleteMyCommands`.
    """

    commands: list[CommandFields] = Field(min_length=1, max_length=MAX_COMMANDS)

    async def perform(self, world: World) -> object:
        world.commands[self.key(world)] = [command.model_dump() for command in self.commands]
        return True


class DeleteMyCommands(CommandMethod):
    """Remove a menu."""

    async def perform(self, world: World) -> object:
        world.commands.pop(self.key(world), None)
        return True


class GetMyCommands(CommandMethod):
    """Read a menu."""

    async def perform(self, world: World) -> object:
        return world.commands.get(self.key(world), [])
