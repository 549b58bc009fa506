"""Which models there are, and what they cost: what the service lists, or else the catalogue."""

import asyncio
import re
from collections.abc import Iterable, Mapping, Sequence

import structlog
from async_lru import alru_cache

from bot.elumenta import TEXT_MODELS, ElumentaClient, ElumentaError, ListedModel, find_text_model
from bot.model import MediaKind, ModelChoice, ModelKind
from bot.services.catalogue import catalogued, models_for
from bot.services.media_options import shown

KEPT_SECONDS = 600.0
PATIENCE_SECONDS = 5.0
"""How long anybody waits for the list, rather than be shown the catalogue."""
REST_SECONDS = 30.0
"""How long the service is left alone after it did not give its list."""

FITS_A_BUTTON = re.compile(r"[!-9;-~]{1,40}")
"""Plain characters but the colon, which separates the parts of what a button says."""

Live = Mapping[str, ListedModel]
"""What the service lists, by slug; nothing where it cannot be asked."""

log = structlog.get_logger(__name__)


class ModelDirectory:
    """Asks for the list of models once for all who want to know, and keeps it for a while."""

    def __init__(self, client: ElumentaClient, *, seconds: float = KEPT_SECONDS) -> None:
        self._newest: Live = {}
        self._ask = alru_cache(maxsize=1, ttl=seconds)(client.list_models)
        self._live = alru_cache(maxsize=1, ttl=min(seconds, REST_SECONDS))(self._ask_or_do_without)

    async def text_models(self) -> list[ModelChoice]:
        """List the models that answer questions, the cheapest first."""
        return _cheapest_first(_texts(await self._live()), _catalogued_texts())

    async def media_models(self, kind: MediaKind) -> list[ModelChoice]:
        """List the models that make such things, the cheapest first.

        Those that the catalogue lacks are left out: nobody could say which options they take.
        """
        return _cheapest_first(_media(await self._live(), kind), _catalogued_media(kind))

    async def is_gone(self, kind: ModelKind, slug: str) -> bool:
        """Say whether the service lists models of this kind, but not this one.

        What makes pictures or videos and is not in the catalogue is gone in any case.
        """
        if kind is ModelKind.TEXT:
            return _lacks(_texts(await self._live()), slug)

        media_kind = MediaKind(kind.value)
        model = catalogued(media_kind, slug)
        return model is None or _lacks(_media(await self._live(), media_kind), model.slug)

    def tokens_of(self, slug: str) -> int | None:
        """Give the most that an answer of this model takes, as far as that is known by now."""
        listed = self._newest.get(slug)
        if listed is not None and listed.max_tokens is not None:
            return listed.max_tokens
        model = find_text_model(slug)
        return None if model is None else model.tokens

    def doubt(self) -> None:
        """Ask anew next time, since the service does not have something that was listed."""
        self._live.cache_clear()
        self._ask.cache_clear()

    async def close(self) -> None:
        """End what is under way, and forget what is known; nothing can be asked any more."""
        for cache in (self._live, self._ask):
            await cache.cache_close()
            cache.cache_clear()

    async def _ask_or_do_without(self) -> Live:
        try:
            async with asyncio.timeout(PATIENCE_SECONDS):
                models = await self._ask()
        except (ElumentaError, TimeoutError) as error:
            log.warning("models.unlisted", failure=repr(error))
            return {}
        self._newest = {model.slug: model for model in models}
        return self._newest


def _texts(live: Live) -> list[ListedModel]:
    return [model for model in live.values() if model.category == ModelKind.TEXT]


def _media(live: Live, kind: MediaKind) -> list[ListedModel]:
    return [live[model.slug] for model in models_for(kind) if model.slug in live]


def _lacks(listed: Sequence[ListedModel], slug: str) -> bool:
    return bool(listed) and all(model.slug != slug for model in listed)


def _catalogued_texts() -> list[ModelChoice]:
    return [
        ModelChoice(slug=one.slug, name=one.name, min_tokens=one.tokens, max_tokens=one.tokens)
        for one in TEXT_MODELS
    ]


def _catalogued_media(kind: MediaKind) -> list[ModelChoice]:
    return [
        ModelChoice(
            slug=one.slug, name=one.name, min_tokens=one.min_tokens, max_tokens=one.max_tokens
        )
        for one in models_for(kind)
    ]


def _cheapest_first(
    listed: Iterable[ListedModel], catalogue: Iterable[ModelChoice]
) -> list[ModelChoice]:
    """Put those that can be chosen in order; all of the catalogue where that is none."""
    known = {choice.slug: choice for choice in catalogue}
    chosen = (_choice(model, known.get(model.slug)) for model in listed)
    choices = [choice for choice in chosen if choice is not None] or list(known.values())
    return sorted(choices, key=lambda choice: (choice.min_tokens, choice.max_tokens))


def _choice(listed: ListedModel, known: ModelChoice | None) -> ModelChoice | None:
    """Offer what the service lists; not at an unknown price, nor what no button could name."""
    least, most = listed.min_tokens, listed.max_tokens
    if known is not None:
        least = known.min_tokens if least is None else least
        most = known.max_tokens if most is None else most
    if least is None or most is None or not FITS_A_BUTTON.fullmatch(listed.slug):
        return None

    name = " ".join((listed.name or "").split()) or (listed.slug if known is None else known.name)
    return ModelChoice(
        slug=listed.slug,
        name=shown(name),
        min_tokens=least,
        max_tokens=max(least, most),
        descriptions=listed.descriptions,
    )
