"""What people do with pictures and videos: order, agree, drop, look again.

Nothing here asks the service anything: an order is stored, and `bot.workers` takes it on.
"""

from collections.abc import Callable, Mapping
from datetime import datetime

from bot.clock import utc_now
from bot.errors import MediaModelUnknown, TooManyOrders
from bot.model import (
    SHOWN,
    ConversationKey,
    JobState,
    MediaJob,
    MediaKind,
    ModelKind,
    NewJob,
    Preference,
    Preferences,
    Question,
    is_owned,
)
from bot.services.catalogue import catalogued
from bot.services.chat_settings import let_go
from bot.services.directory import ModelDirectory
from bot.services.media_options import Choice, choose
from bot.services.preferences import PreferenceService
from bot.services.pricing import OFFER_STANDS, asking_price
from bot.storage.jobs import JobStore

REPEATABLE = SHOWN | {JobState.REFUSED, JobState.FAILED}
"""States in which the same may be ordered anew; what may still be made is looked at instead."""

OWN_MODELS = {
    MediaKind.IMAGE: Preference.IMAGE_MODEL,
    MediaKind.VIDEO: Preference.VIDEO_MODEL,
}
"""What a chat decides about each kind."""

MOST_WAITING = 20
"""How many orders of one person may wait to be sent; nobody shall fill the places of all."""


class MediaService:
    """The rules of orders; *wake* is called when there is something to do for one.

    What a button does is given back as the job it changed, or None: it was too late, or it was
    somebody else's.
    """

    def __init__(
        self,
        jobs: JobStore,
        preferences: PreferenceService,
        directory: ModelDirectory,
        *,
        confirm_above: int,
        default_models: Mapping[MediaKind, str],
        wake: Callable[[], None],
        now: Callable[[], datetime] = utc_now,
    ) -> None:
        self._jobs = jobs
        self._preferences = preferences
        self._directory = directory
        self._confirm_above = confirm_above
        self._default_models = default_models
        self._wake = wake
        self._now = now

    async def default_model(self, kind: MediaKind, chat_id: int) -> str:
        """Name the model that a chat gets its pictures or videos by when nobody names one."""
        return await self._model_of(kind, await self._preferences.of(chat_id))

    async def drop_vanished_model(self, kind: MediaKind, chat_id: int) -> str | None:
        """Leave it to the owner which model a chat takes, where its own is gone; name that."""
        own = OWN_MODELS[kind]
        vanished = await let_go(chat_id, self._preferences, self._directory, models=[own])
        return vanished.get(own)

    async def check(self, kind: MediaKind, options: Mapping[str, str], chat_id: int) -> None:
        """Raise what `order` would raise for these options."""
        await self._choose(kind, options, chat_id)

    async def order(
        self, question: Question, kind: MediaKind, options: Mapping[str, str]
    ) -> MediaJob | None:
        """Store an order; None when its message was ordered before.

        Raises MediaModelUnknown, OptionUnsupported, OptionValueInvalid and TooManyOrders.
        """
        await self._make_room(question)
        choice = await self._choose(kind, options, question.key.chat_id)
        order = NewJob(
            question=question,
            kind=kind,
            model=choice.model.slug,
            params=choice.params,
            price=asking_price(choice.model, confirm_above=self._confirm_above),
        )
        return self._announce(await self._jobs.add(order))

    async def again(self, job_id: int, *, person_id: int | None) -> MediaJob | None:
        """Order the same once more; each job can be repeated once, by its person.

        Raises MediaModelUnknown when the catalogue does not have its model any more, and
        TooManyOrders.
        """
        job = await self._jobs.get(job_id)
        if job is None or job.state not in REPEATABLE:
            return None
        if not is_owned(job.question.person_id, by=person_id):
            return None

        await self._make_room(job.question)
        model = catalogued(job.kind, job.model)
        if model is None:
            raise MediaModelUnknown(model=job.model, known=self._default_models[job.kind])
        order = NewJob(
            question=job.question,
            kind=job.kind,
            model=model.slug,
            params=job.params,
            price=asking_price(model, confirm_above=self._confirm_above),
            again_of=job.id,
        )
        return self._announce(await self._jobs.add(order))

    async def agree(self, job_id: int, *, person_id: int | None) -> MediaJob | None:
        """Go ahead with an offer that still stands."""
        offered_after = self._now() - OFFER_STANDS
        agreed = self._jobs.agree(job_id, person_id=person_id, offered_after=offered_after)
        return self._announce(await agreed)

    async def decline(self, job_id: int, *, person_id: int | None) -> MediaJob | None:
        """Turn an offer down."""
        return self._announce(await self._jobs.decline(job_id, person_id=person_id))

    async def drop(self, job_id: int, *, person_id: int | None) -> MediaJob | None:
        """Stop waiting; the service cannot be told to stop, and may charge what it makes."""
        return self._announce(await self._jobs.drop(job_id, person_id=person_id))

    async def look_again(self, job_id: int, *, person_id: int | None) -> MediaJob | None:
        """Wait again for what was late or dropped, or deliver what could not be delivered."""
        return self._announce(await self._jobs.look_again(job_id, person_id=person_id))

    async def find(self, job_id: int) -> MediaJob | None:
        """Look up the job that a button names."""
        return await self._jobs.get(job_id)

    async def take_file(self, job_id: int, *, person_id: int | None) -> MediaJob | None:
        """Let a person have their picture as a file, once."""
        return await self._jobs.take_file(job_id, person_id=person_id)

    async def give_file_back(self, job: MediaJob) -> None:
        """Let them try again, since they did not get it."""
        await self._jobs.give_file_back(job.id)

    async def recent(self, key: ConversationKey, *, limit: int) -> list[MediaJob]:
        """List what was ordered in a conversation, the newest first."""
        return await self._jobs.recent(key, limit=limit)

    async def running(self) -> list[MediaJob]:
        """List what anybody waits for."""
        return await self._jobs.running()

    async def revive(self, chat_id: int) -> None:
        """Deliver what was kept for a chat that lets the bot in again."""
        if await self._jobs.revive(chat_id):
            self._wake()

    async def move(self, old_chat_id: int, new_chat_id: int) -> None:
        """Carry the orders of a group over to the supergroup that it became."""
        if await self._jobs.move(old_chat_id, new_chat_id):
            self._wake()

    async def _choose(self, kind: MediaKind, options: Mapping[str, str], chat_id: int) -> Choice:
        wishes = await self._preferences.of(chat_id)
        default_model = await self._model_of(kind, wishes)
        return choose(kind, options, default_model=default_model, wishes=wishes)

    async def _model_of(self, kind: MediaKind, wishes: Preferences) -> str:
        own = _own_model(kind, wishes)
        if own is None or await self._directory.is_gone(ModelKind(kind.value), own):
            return self._default_models[kind]
        return own

    async def _make_room(self, question: Question) -> None:
        waiting = await self._jobs.count_waiting(question.payer_id)
        if waiting >= MOST_WAITING:
            raise TooManyOrders(count=waiting)

    def _announce(self, job: MediaJob | None) -> MediaJob | None:
        if job is not None:
            self._wake()
        return job


def _own_model(kind: MediaKind, wishes: Preferences) -> str | None:
    match kind:
        case MediaKind.IMAGE:
            return wishes.image_model
        case MediaKind.VIDEO:
            return wishes.video_model
