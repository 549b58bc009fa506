"""What makes pictures and videos."""

from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass

from bot.elumenta import Downloader, Timeouts
from bot.model import MediaKind, Question
from bot.parts.outside import Outside
from bot.services.catalogue import catalogued
from bot.services.choosing import Choosing
from bot.services.generating import Generating
from bot.services.media import MediaService
from bot.services.ordering import Ordering
from bot.services.owning import Owning
from bot.services.pricing import Pricing
from bot.settings import Settings, SettingsInvalid
from bot.storage.jobs import JobStore
from bot.telegram.courier import TelegramCourier
from bot.workers.delivering import Delivering
from bot.workers.looking import Looking
from bot.workers.media_poller import MediaPoller

DOWNLOADS = Timeouts(silence_seconds=20, answer_seconds=300)
"""A result that comes more slowly is tried again later, and makes room for others."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Making:
    """What makes pictures and videos: the rules, the way to people, the worker."""

    service: MediaService
    delivering: Delivering
    poller: MediaPoller


@asynccontextmanager
async def open_making(
    settings: Settings,
    outside: Outside,
    owning: Owning,
    choosing: Choosing,
    *,
    on_spent: Callable[[Question], object],
) -> AsyncIterator[Making]:
    """Build what makes pictures and videos; the parts share a connection for downloads."""
    client, gate = outside.client, owning.gate
    jobs = JobStore(outside.database, replica_id=outside.replica_id)
    if not outside.database.is_shared:
        # Nobody else works on it, so what a dead program held is free at once.
        await jobs.release_all()
    courier = TelegramCourier(outside.bot, outside.translator, jobs.show)
    generating = Generating(client, jobs, on_spent=on_spent)
    pricing = _create_pricing(settings, outside, owning, jobs, generating)
    ordering = Ordering(
        client, jobs, generating, gate, owning.spending, directory=choosing.directory
    )
    looking = Looking(jobs, generating, courier, gate)

    # Results come unencrypted only where the service itself does.
    is_plain = settings.elumenta_base_url.startswith("http://")
    async with Downloader(allow_http=is_plain, timeouts=DOWNLOADS) as files:
        delivering = Delivering(files, courier, jobs, outside.metrics)
        poller = MediaPoller(
            jobs,
            pricing,
            ordering,
            looking,
            delivering,
            metrics=outside.metrics,
            courier=courier,
        )
        service = _create_service(settings, choosing, jobs, wake=poller.wake)
        yield Making(service=service, delivering=delivering, poller=poller)


def default_models(settings: Settings) -> Mapping[MediaKind, str]:
    """Name the models that are taken when nobody chose one.

    Raises SettingsInvalid when the catalogue does not have them.
    """
    models = {
        MediaKind.IMAGE: settings.default_image_model,
        MediaKind.VIDEO: settings.default_video_model,
    }
    problems = [
        f"DEFAULT_{kind.name}_MODEL: is no {kind} model; README lists those there are"
        for kind, model in models.items()
        if catalogued(kind, model) is None
    ]
    if problems:
        raise SettingsInvalid(problems)
    return models


def _create_service(
    settings: Settings, choosing: Choosing, jobs: JobStore, *, wake: Callable[[], None]
) -> MediaService:
    return MediaService(
        jobs,
        choosing.preferences,
        choosing.directory,
        confirm_above=settings.confirm_above,
        default_models=default_models(settings),
        wake=wake,
    )


def _create_pricing(
    settings: Settings, outside: Outside, owning: Owning, jobs: JobStore, generating: Generating
) -> Pricing:
    return Pricing(
        outside.client,
        jobs,
        generating,
        gate=owning.gate,
        spending=owning.spending,
        balance=owning.balance,
        access=owning.access,
        confirm_above=settings.confirm_above,
    )
