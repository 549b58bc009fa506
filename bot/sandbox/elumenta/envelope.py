"""The part of a request that orders of all kinds share."""

from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, JsonValue, ValidationError

from bot.sandbox.elumenta.refusals import Refusal, invalid


def _not_blank(text: str) -> str:
    if not text.strip():
        message = "must not be blank"
        raise ValueError(message)
    return text


Text = Annotated[str, AfterValidator(_not_blank)]


class Envelope(BaseModel):
    """A model and a prompt; what else may stand here or in `params` depends on the model."""

    model_config = ConfigDict(strict=True, extra="allow")

    model: Text
    prompt: Text = ""
    params: dict[str, JsonValue] = Field(default_factory=dict)
    stream: bool = False

    @property
    def flat(self) -> dict[str, JsonValue]:
        """The options that stand at the top level."""
        return dict(self.model_extra or {})


def broken(error: ValidationError) -> Refusal:
    """Refuse what pydantic found wrong, field by field."""
    return invalid(
        {
            ".".join(str(part) for part in problem["loc"]) or "body": problem["msg"]
            for problem in error.errors()
        }
    )
