"""What a person can do on the page."""

from typing import Annotated, Literal, assert_never

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

from bot.sandbox.page.mishaps import Mishap, Mishaps
from bot.sandbox.stage import Stage
from bot.sandbox.telegram.model import JsonObject

MAX_TEXT_LENGTH = 20_000


class Fields(BaseModel):
    """An action as the page writes it."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Say(Fields):
    """Send a message."""

    do: Literal["say"]
    person: str
    chat: int
    text: Annotated[str, Field(max_length=MAX_TEXT_LENGTH, pattern=r"\S")]
    reply_to: int | None = None


class Press(Fields):
    """Press a button of a message."""

    do: Literal["press"]
    person: str
    chat: int
    message: int
    label: str


class StopDraft(Fields):
    """Press the button of a draft."""

    do: Literal["stop_draft"]
    person: str
    chat: int
    draft: int


class Kill(Fields):
    """Let the bot die."""

    do: Literal["kill"]


class Restart(Fields):
    """End the bot in an orderly way and start it again."""

    do: Literal["restart"]


class Turn(Fields):
    """Turn a mishap on or off."""

    do: Literal["turn"]
    mishap: Mishap
    on: bool


class Speak(Fields):
    """Switch everybody's app to a language."""

    do: Literal["speak"]
    language: Literal["en", "ru"]


Action = Say | Press | StopDraft | Kill | Restart | Turn | Speak
ACTION: TypeAdapter[Action] = TypeAdapter(Annotated[Action, Field(discriminator="do")])


class Director:
    """Has the cast, the bot and the servers do what the page asks for."""

    def __init__(self, stage: Stage, mishaps: Mishaps) -> None:
        self._stage = stage
        self._mishaps = mishaps

    async def perform(self, action: Action) -> JsonObject:
        """Do it and return what the page has to know of the outcome.

        Raises NotOnStage and ImpossibleError for what the page does not offer, or no more.
        """
        cast, bot = self._stage.cast, self._stage.bot
        match action:
            case Say(person=person, chat=chat, text=text, reply_to=reply_to):
                cast.say(person, chat, text, reply_to=reply_to)
            case Press(person=person, chat=chat, message=message, label=label):
                text, is_alert = await cast.press(person, chat, message, label)
                return {"text": text, "isAlert": is_alert}
            case StopDraft(person=person, chat=chat, draft=draft):
                cast.stop_draft(person, chat, draft)
            case Kill():
                bot.kill()
            case Restart():
                await bot.restart()
            case Turn(mishap=mishap, on=on):
                self._mishaps.turn(mishap, on=on)
            case Speak(language=language):
                cast.speak(language)
            case _:
                assert_never(action)
        return {}
