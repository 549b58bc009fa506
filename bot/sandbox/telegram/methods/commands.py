"""The menu of commands, by audience and language."""

from typing import Literal

from pydantic import Field

from bot.sandbox.telegram.methods.method import Fields, Method
from bot.sandbox.telegram.world import CommandKey, World

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
    chat_id: int | None = None
    user_id: int | None = None


class CommandMethod(Method):
    """A call about one menu."""

    scope: ScopeFields = ScopeFields()
    language_code: str = Field(default="", pattern=r"^([a-z]{2})?$")

    def key(self, world: World) -> CommandKey:
        """Name the menu: the type of its scope, with the chat where there is one."""
        if not self.scope.type.startswith("chat"):
            return self.scope.type, self.language_code

        room = world.room(self.scope.chat_id or 0)
        owner = [self.scope.type, room.id, self.scope.user_id]
        return ":".join(str(part) for part in owner if part is not None), self.language_code


class SetMyCommands(CommandMethod):
    """Replace a menu."""

    commands: list[CommandFields] = Field(max_length=MAX_COMMANDS)

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
