"""The catalogue of the service, by the bot's own kinds of media."""

from bot.elumenta.catalog import Category, MediaModel, find_model, models_of
from bot.model import MediaKind


def catalogued(kind: MediaKind, name: str) -> MediaModel | None:
    """Find the model of this kind that has the name, now or formerly."""
    return find_model(name, Category(kind.value))


def models_for(kind: MediaKind) -> tuple[MediaModel, ...]:
    """List the models of this kind, the cheapest first."""
    return models_of(Category(kind.value))
