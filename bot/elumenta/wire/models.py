"""The list of models, which no page of the documentation shows: any envelope is taken."""

from pydantic import ConfigDict, ValidationError, model_validator

from bot.elumenta.errors import ProtocolError
from bot.elumenta.models import ListedModel
from bot.elumenta.wire.reading import Count, Hint, WireModel, Words, first, read

DESCRIPTION = "description_"
"""How the fields begin that describe a model, followed by a language."""


def read_models(body: bytes) -> list[ListedModel]:
    """Read the models that can be told apart; raises ProtocolError.

    A part of the list is none: what is not on it may be offered all the same.
    """
    found = read(_Models, body)
    listed = first(found.items, found.models, found.data)
    if listed is None:
        problem = "a list of models without any list"
        raise ProtocolError(problem)
    if found.total is not None and found.total > len(listed):
        problem = f"only {len(listed)} of {found.total} models"
        raise ProtocolError(problem)

    return [model for model in map(_model, listed) if model is not None]


class _Models(WireModel):
    items: Hint[list[object]] = None
    models: Hint[list[object]] = None
    data: Hint[list[object]] = None
    total: Hint[Count] = None

    @model_validator(mode="before")
    @classmethod
    def _wrap(cls, value: object) -> object:
        return {"items": value} if isinstance(value, list) else value


class _Model(WireModel):
    model_config = ConfigDict(extra="allow")

    slug: Words
    name: Hint[Words] = None
    category: Hint[Words] = None
    token_cost: Hint[Count] = None
    min_token_cost: Hint[Count] = None
    max_token_cost: Hint[Count] = None

    def value(self) -> ListedModel:
        return ListedModel(
            slug=self.slug,
            name=self.name,
            category=self.category,
            min_tokens=first(self.min_token_cost, self.token_cost),
            max_tokens=first(self.max_token_cost, self.token_cost),
            descriptions={
                name.removeprefix(DESCRIPTION): text
                for name, text in (self.model_extra or {}).items()
                if name.startswith(DESCRIPTION) and isinstance(text, str) and text
            },
        )


def _model(item: object) -> ListedModel | None:
    try:
        return _Model.model_validate(item).value()
    except ValidationError:
        return None
