"""The parts that work on orders, put together as the program does, around pretended outsides."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

import httpx

from bot.elumenta import Downloader, ElumentaClient, Patience
from bot.metrics import Metrics
from bot.model import MediaKind
from bot.services.generating import Generating
from bot.services.media import MediaService
from bot.services.ordering import Ordering
from bot.services.pricing import Pricing
from bot.storage.engine import Database
from bot.storage.jobs import JobStore
from bot.workers.delivering import Delivering
from bot.workers.looking import Looking
from bot.workers.media_poller import MediaPoller
from tests.choosing import create_choosing
from tests.owning import create_owning
from tests.workers.pretend import Post

MODELS = {MediaKind.IMAGE: "flux-1.1-pro", MediaKind.VIDEO: "kling-v2.1"}
HASTE = Patience(attempts=2, first_pause_seconds=0, longest_pause_seconds=0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Program:
    """What a test needs of it."""

    metrics: Metrics
    database: Database
    jobs: JobStore
    poller: MediaPoller
    media: MediaService


@asynccontextmanager
async def running(address: str, post: Post) -> AsyncIterator[Program]:
    """Start on a database, as the only program there is."""
    now = post.service.clock
    transport = httpx.MockTransport(post.service)
    async with (
        Database(address) as database,
        ElumentaClient(
            "nb_nobody", base_url="https://api.example", patience=HASTE, transport=transport
        ) as client,
        Downloader(transport=transport) as downloader,
    ):
        jobs = JobStore(database, now=now)
        await jobs.release_all()
        owning = create_owning(database, client, now=now)
        gate, spending = owning.gate, owning.spending
        generating = Generating(client, jobs, on_spent=lambda _: None, now=now)
        choosing = create_choosing(database, client)
        ordering = Ordering(
            client, jobs, generating, gate, spending, directory=choosing.directory, now=now
        )
        pricing = Pricing(
            client,
            jobs,
            generating,
            gate=gate,
            spending=spending,
            balance=owning.balance,
            access=owning.access,
            confirm_above=20,
        )
        looking = Looking(jobs, generating, post, gate, now=now)
        metrics = Metrics()
        delivering = Delivering(downloader, post, jobs, metrics, now=now)
        yield Program(
            metrics=metrics,
            database=database,
            jobs=jobs,
            poller=MediaPoller(
                jobs,
                pricing,
                ordering,
                looking,
                delivering,
                metrics=metrics,
                courier=post,
                now=now,
            ),
            media=MediaService(
                jobs,
                choosing.preferences,
                choosing.directory,
                confirm_above=20,
                default_models=MODELS,
                wake=lambda: None,
                now=now,
            ),
        )
