"""The bot as it hears of updates, without the workers that carry orders out."""

from collections.abc import Awaitable, Callable

from aiogram import Bot, Dispatcher
from aiogram.types import User

from bot.elumenta import ElumentaClient
from bot.i18n import Translator
from bot.metrics import Metrics
from bot.model import MediaJob, MediaKind
from bot.services.asking import Asking
from bot.services.chat import ChatService
from bot.services.erasing import ErasingService
from bot.services.media import MediaService
from bot.services.owning import Owning
from bot.services.turns import TurnQueue
from bot.settings import GroupControl
from bot.storage.engine import Database
from bot.storage.erasing import ErasureStore
from bot.storage.history import HistoryStore
from bot.storage.jobs import JobStore
from bot.telegram.answers import Answers
from bot.telegram.dispatcher import create_dispatcher
from bot.telegram.live import LiveReplies
from bot.telegram.pacer import Pacer
from tests.choosing import create_choosing
from tests.owning import create_owning
from tests.telegram.modes import settings_with

DEFAULT_MODELS = {MediaKind.IMAGE: "flux-1.1-pro", MediaKind.VIDEO: "luma-ray2-flash"}


def create_program(
    bot: Bot,
    me: User,
    database: Database,
    *,
    jobs: JobStore,
    send_file: Callable[[MediaJob], Awaitable[bool]],
    owning: Owning | None = None,
    client: ElumentaClient | None = None,
    longest_prompt: int = 1,
    group_control: GroupControl = GroupControl.ADMINS,
) -> Dispatcher:
    """Wire everything; without a client nothing here reaches Elumenta."""
    pacer, turns, translator = Pacer(), TurnQueue(), Translator.bundled()
    client = client or ElumentaClient("nb_nobody", base_url="http://localhost")
    owning = owning or create_owning(database, client)
    history, gate, spending = HistoryStore(database), owning.gate, owning.spending
    choosing = create_choosing(database, client)
    asking = Asking(
        client,
        history,
        gate,
        spending,
        choosing,
        default_model="gpt-5",
        system_prompt="",
        history_chars=longest_prompt,
    )
    chats = ChatService(
        history, turns, asking, on_spent=lambda _: None, longest_prompt=longest_prompt
    )
    answers = Answers(
        bot,
        chats,
        LiveReplies(bot, pacer),
        choosing.preferences,
        pacer=pacer,
        translator=translator,
        metrics=Metrics(),
    )
    return create_dispatcher(
        bot,
        settings_with(group_control, guest_mode=True, inline_mode=True),
        me=me,
        answers=answers,
        chats=chats,
        turns=turns,
        media=MediaService(
            jobs,
            choosing.preferences,
            choosing.directory,
            confirm_above=1000,
            default_models=DEFAULT_MODELS,
            wake=lambda: None,
        ),
        send_file=send_file,
        owning=owning,
        choosing=choosing,
        erasing=ErasingService(ErasureStore(database), turns, owning.day, wake=lambda: None),
        translator=translator,
        pacer=pacer,
    )


class Files:
    """Sends files, or fails to."""

    def __init__(self) -> None:
        self.is_working = True
        self.sent: list[int] = []

    async def __call__(self, job: MediaJob) -> bool:
        if self.is_working:
            self.sent.append(job.id)
        return self.is_working


class Ears:
    """Takes what Telegram has to tell."""

    def __init__(self, bot: Bot, dispatcher: Dispatcher) -> None:
        self._bot = bot
        self._dispatcher = dispatcher
        self._offset = 0

    async def hear(self) -> None:
        for update in await self._bot.get_updates(offset=self._offset, timeout=0):
            self._offset = update.update_id + 1
            await self._dispatcher.feed_update(self._bot, update)


class StatusRecord:
    """What the courier tells of status messages, and whether that is still true."""

    def __init__(self) -> None:
        self.is_true = True
        self.shown: dict[int, int] = {}

    async def __call__(self, job: MediaJob, message_id: int) -> bool:
        if self.is_true:
            self.shown[job.id] = message_id
        return self.is_true
