"""What all methods of the Bot API have in common."""

import json
from collections.abc import Mapping
from typing import ClassVar, NoReturn, Self

from pydantic import BaseModel, ConfigDict, ValidationError
from pydantic_core import ErrorDetails

from bot.sandbox.telegram.errors import refuse
from bot.sandbox.telegram.flood import Cost, FloodControl
from bot.sandbox.telegram.model import JsonObject
from bot.sandbox.telegram.room import Room
from bot.sandbox.telegram.uploads import Upload
from bot.sandbox.telegram.world import World


class Fields(BaseModel):
    """An object that a bot sends; what Telegram would ignore is refused here."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class Method(Fields):
    """One call of the Bot API: its fields are the parameters."""

    cost: ClassVar[Cost] = Cost.NOTHING

    def charge(self, world: World, flood: FloodControl) -> None:
        """Count the call where flood control counts it, or raise its 429."""

    async def perform(self, world: World) -> object:
        """Carry the call out and return its result, or raise `ApiError`."""
        raise NotImplementedError

    async def receive(self, world: World, uploads: Mapping[str, Upload]) -> object:
        """Carry out a call that came with files; most calls have no use for any."""
        for name in uploads:
            refuse(f"unexpected file {name}")
        return await self.perform(world)

    @classmethod
    def decode(cls, form: dict[str, str]) -> JsonObject:
        """Read parameters that came as text: all that are not texts themselves are JSON."""
        return {name: cls._decode_field(name, value) for name, value in form.items()}

    @classmethod
    def read(cls, parameters: JsonObject) -> Self:
        try:
            return cls.model_validate(parameters)
        except ValidationError as error:
            _refuse(error.errors()[0])

    @classmethod
    def _decode_field(cls, name: str, value: str) -> object:
        field = cls.model_fields.get(name)
        if field is None or field.annotation in (str, str | None):
            return value

        try:
            return json.loads(value)
        except ValueError:
            return value


class ChatMethod(Method):
    """A call about one chat."""

    chat_id: int | str

    def charge(self, world: World, flood: FloodControl) -> None:
        flood.charge(self.room(world).id, self.cost)

    def room(self, world: World) -> Room:
        return world.room(self.chat_id)


def method_name(method: type[Method]) -> str:
    """`SendMessage` is called as `sendMessage`."""
    return method.__name__[0].lower() + method.__name__[1:]


def _refuse(problem: ErrorDetails) -> NoReturn:
    name = ".".join(str(part) for part in problem["loc"])
    match problem["type"]:
        case "extra_forbidden":
            refuse(f"unexpected parameter {name}")
        case "missing" if name == "text":
            refuse("message text is empty")
        case "missing":
            refuse(f"{name} is empty")
        case _:
            refuse(f"wrong parameter {name} in request: {problem['msg']}")
