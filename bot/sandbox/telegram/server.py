"""The stand-in for the Telegram Bot API server, with everything a test or a demo needs of it."""

import time
from collections.abc import Callable, Mapping

from aiohttp import web

from bot.sandbox.telegram.chat import WAIT_SECONDS
from bot.sandbox.telegram.faults import Fault
from bot.sandbox.telegram.flood import FloodControl, FloodLimits
from bot.sandbox.telegram.gateway import Call, Gateway
from bot.sandbox.telegram.menus import CommandKey
from bot.sandbox.telegram.model import Person
from bot.sandbox.telegram.posting import Poster
from bot.sandbox.telegram.public import Public
from bot.sandbox.telegram.webhook import Delivery, Webhook
from bot.sandbox.telegram.world import World

HOST = "127.0.0.1"
TOKEN = "123456789:AAsandboxsandboxsandboxsandboxsandb"  # noqa: S105 - opens nothing but the sandbox
BOT_NAME = "Elumenta"
CLOSING_SECONDS = 0.5
PATIENCE_SECONDS = 60


class TelegramServer(Public):
    """A Bot API server on this machine, and the people who use Telegram through it.

    It refuses what Telegram refuses, in the same words, and what it would mend or ignore in
    silence: unknown parameters and wrong formatting are mistakes of a bot.
    """

    def __init__(
        self,
        *,
        token: str = TOKEN,
        username: str = "elumenta_bot",
        can_read_all_group_messages: bool = False,
        supports_inline_queries: bool = True,
        supports_guest_queries: bool = True,
        has_topics: bool = False,
        allows_users_to_create_topics: bool = True,
        inline_feedback: bool = True,
        is_local: bool = True,
        patience_seconds: float = PATIENCE_SECONDS,
        limits: FloodLimits | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Begin with no people at all.

        What the bot may do in groups and elsewhere is up to its owner, who is taken to have
        switched on inline queries, with feedback, and guest queries, but no topics. A local
        server, as anybody may run one, also accepts webhooks without HTTPS, and gives them
        *patience_seconds* to answer. *clock* tells when flood control forgives, and drafts,
        queries and the addresses of files expire.
        """
        self.token = token
        self.bot_id = int(token.partition(":")[0])
        self.bot_name = BOT_NAME
        self.username = username

        bot = Person(id=self.bot_id, first_name=BOT_NAME, username=username, is_bot=True)
        world = World(
            bot=bot,
            can_read_all_group_messages=can_read_all_group_messages,
            supports_inline_queries=supports_inline_queries,
            supports_guest_queries=supports_guest_queries,
            has_topics=has_topics,
            allows_users_to_create_topics=allows_users_to_create_topics,
            inline_feedback=inline_feedback,
            is_local=is_local,
            clock=clock,
        )
        super().__init__(world)
        self.bot = bot
        self._flood = FloodControl(limits or FloodLimits(), clock)
        self._gateway = Gateway(world, token=token, flood=self._flood)
        self._poster = Poster(world, self._gateway.faults, patience_seconds=patience_seconds)
        self._runner: web.AppRunner | None = None
        self._port = 0

    async def start(self, *, port: int = 0) -> None:
        """Listen on a port of this machine; 0 takes a free one."""
        self._world.updates.open()
        application = self._gateway.application()
        application.cleanup_ctx.append(self._poster.beside)
        runner = web.AppRunner(application, access_log=None, shutdown_timeout=CLOSING_SECONDS)
        await runner.setup()
        await web.TCPSite(runner, HOST, port).start()
        self._runner, self._port = runner, runner.addresses[0][1]
        self._world.files.open(self.url)

    async def close(self) -> None:
        """Stop listening; people, chats and waiting updates stay, the bytes of files go."""
        self._world.updates.close()
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None
        await self._world.files.close()

    @property
    def url(self) -> str:
        return f"http://{HOST}:{self._port}"

    @property
    def calls(self) -> list[Call]:
        """Every call of the Bot API but `getUpdates`, oldest first."""
        return self._gateway.calls

    @property
    def downloads(self) -> int:
        """How often the bot began to fetch a file."""
        return self._gateway.downloads.begun

    @property
    def flood_refusals(self) -> int:
        """How many calls flood control refused; scripted faults do not count."""
        return self._flood.refusals

    @property
    def commands(self) -> dict[CommandKey, list[dict[str, str]]]:
        """The command menus by type of scope and language code."""
        return self._world.commands

    @property
    def last_poll(self) -> float | None:
        """When `getUpdates` was called last, by the clock of `time.monotonic`."""
        return self._world.updates.last_poll

    @property
    def polls(self) -> int:
        """How often `getUpdates` was called."""
        return self._world.updates.polls

    @property
    def fetched_updates(self) -> int:
        """How many updates `getUpdates` has given, each as often as it was given."""
        return self._world.updates.fetched

    @property
    def webhook(self) -> Webhook | None:
        """Where updates are posted; None while the bot has to fetch them."""
        return self._world.webhooks.current

    @property
    def webhook_deliveries(self) -> list[Delivery]:
        """Every attempt to post an update, oldest first."""
        return self._world.webhooks.deliveries

    @property
    def waiting_updates(self) -> int:
        """How many updates the bot has not confirmed."""
        return len(self._world.updates)

    @property
    def down(self) -> bool:
        """Whether Telegram is gone: connections end at once, without an answer."""
        return self._gateway.down

    @down.setter
    def down(self, down: bool) -> None:
        self._gateway.down = self._poster.down = down
        if down:
            self._cut_connections()

    @property
    def refused_connections(self) -> int:
        """How many calls met a server that was down."""
        return self._gateway.refused_connections

    @property
    def can_read_all_group_messages(self) -> bool:
        """Whether the bot's owner switched privacy mode off."""
        return self._world.can_read_all_group_messages

    @can_read_all_group_messages.setter
    def can_read_all_group_messages(self, can_read: bool) -> None:
        self._world.can_read_all_group_messages = can_read

    @property
    def inline_feedback(self) -> bool:
        """Whether the bot's owner had it told which inline results people choose."""
        return self._world.inline_feedback

    @inline_feedback.setter
    def inline_feedback(self, inline_feedback: bool) -> None:
        self._world.inline_feedback = inline_feedback

    @property
    def supports_drafts(self) -> bool:
        """Whether the server is new enough to know `sendMessageDraft`."""
        return self._world.supports_drafts

    @supports_drafts.setter
    def supports_drafts(self, supports_drafts: bool) -> None:
        self._world.supports_drafts = supports_drafts

    @property
    def supports_rich_messages(self) -> bool:
        """Whether the server is new enough to know `sendRichMessage`."""
        return self._world.supports_rich_messages

    @supports_rich_messages.setter
    def supports_rich_messages(self, supports_rich_messages: bool) -> None:
        self._world.supports_rich_messages = supports_rich_messages

    async def polled(self, timeout: float = WAIT_SECONDS) -> None:  # noqa: ASYNC109 - a test's own words
        """Wait for a `getUpdates` that comes from now on: the bot is up and listens."""
        updates = self._world.updates
        seen = updates.polls
        try:
            await self._world.change.until(lambda: updates.polls > seen, seconds=timeout)
        except TimeoutError as error:
            message = f"the bot did not ask for updates within {timeout} s"
            raise AssertionError(message) from error

    def fail(self, fault: Fault) -> None:
        """Let something go wrong with the next calls that match."""
        self._gateway.faults.add(fault)

    def limit(self, limits: FloodLimits) -> None:
        """Change how often the bot may speak from now on."""
        self._flood.impose(limits)

    def push(self, update: Mapping[str, object]) -> None:
        """Send the bot an update of any kind, exactly as written but for its id."""
        self._world.updates.push(update)

    def _cut_connections(self) -> None:
        if self._runner is None or self._runner.server is None:
            return

        for connection in self._runner.server.connections:
            if connection.transport is not None:
                connection.transport.abort()
