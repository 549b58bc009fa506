"""Which models the service has, while a test takes some away and brings others."""

from bot.sandbox.elumenta.catalogue import CATALOGUE, text_model
from bot.sandbox.elumenta.model import Model
from bot.sandbox.elumenta.refusals import Refusal


class Offering:
    """Offers all of the catalogue, until it is told otherwise."""

    def __init__(self) -> None:
        self._models = dict(CATALOGUE)
        self._withdrawn: set[str] = set()

    def withdraw(self, slug: str) -> None:
        """Take a model off the list; from now on orders of it are refused with 404."""
        self._withdrawn.add(self.known_model(slug).slug)

    def restore(self, slug: str) -> None:
        """Offer a model again that was withdrawn."""
        self._withdrawn.remove(slug)

    def add_text_model(self, slug: str, name: str, tokens: int) -> None:
        """Offer one more model of texts, the last of the list."""
        self._models[slug] = text_model(slug, name, "Sandbox", plan="basic", tokens=tokens)

    def offered_models(self) -> list[Model]:
        """List what can be ordered."""
        return [model for slug, model in self._models.items() if slug not in self._withdrawn]

    def find_model(self, slug: str) -> Model:
        """Look a model up that is offered; any other is refused with 404."""
        model = self.known_model(slug)
        if slug in self._withdrawn:
            raise _missing(slug)
        return model

    def known_model(self, slug: str) -> Model:
        """Look a model up that is, or was, offered; any other is refused with 404."""
        model = self._models.get(slug)
        if model is None:
            raise _missing(slug)
        return model


def _missing(slug: str) -> Refusal:
    return Refusal(404, f"Model '{slug}' not found")
