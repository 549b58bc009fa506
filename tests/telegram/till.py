"""The commands about tokens, between a ledger to write in and an account to ask."""

from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import count
from zoneinfo import ZoneInfo

import httpx
from aiogram import Bot, Dispatcher, Router

from bot.elumenta import ElumentaClient, Patience
from bot.i18n import Translator
from bot.model import Charge, ExpenseKind, ExpenseOutcome
from bot.sandbox.telegram import Chat, Person
from bot.services.access import AccessService
from bot.services.balance import BalanceService
from bot.services.gate import Gate
from bot.services.owner_day import OwnerDay
from bot.services.spending import SpendingService
from bot.storage.access import AccessStore
from bot.storage.engine import Database
from bot.storage.expenses import reserve, settle
from bot.storage.ledger import LedgerStore
from bot.storage.notices import NoticeStore
from bot.telegram.filters import from_admin
from bot.telegram.handlers import spending as handlers
from bot.telegram.middlewares.language import Language
from tests.storage.orders import Clock
from tests.telegram.program import Ears

MODELS = {
    ExpenseKind.ANSWER: "gpt-5",
    ExpenseKind.IMAGE: "flux-1.1-pro",
    ExpenseKind.VIDEO: "kling-v2.1",
}


@dataclass(kw_only=True)
class Account:
    """What the service tells whoever asks for the balance."""

    status: int = 200
    body: Mapping[str, object] = field(default_factory=lambda: {"token_balance": 4210})
    headers: Mapping[str, str] = field(default_factory=dict)

    def __call__(self, _: httpx.Request) -> httpx.Response:
        return httpx.Response(self.status, json=self.body, headers=self.headers)


@dataclass(frozen=True, kw_only=True)
class Till:
    """Takes what people write about tokens."""

    ears: Ears
    account: Account
    database: Database
    clock: Clock
    day: OwnerDay
    item_ids: Iterator[int] = field(default_factory=count)

    async def spend(
        self,
        tokens: int,
        *,
        by: Person,
        where: Chat,
        kind: ExpenseKind = ExpenseKind.ANSWER,
        days_ago: int = 0,
        outcome: ExpenseOutcome = ExpenseOutcome.SPENT,
    ) -> None:
        charge = Charge(
            kind=kind,
            model=MODELS[kind],
            tokens=tokens,
            day=self.day.today() - timedelta(days=days_ago),
            limits={},
        )
        item_id, now = next(self.item_ids), self.clock()
        async with self.database.engine.begin() as connection:
            await reserve(
                connection, charge, item_id=item_id, person_id=by.id, chat_id=where.id, now=now
            )
            await settle(connection, kind, item_id, outcome, now=now)

    async def told(self, chat: Chat, person: Person, text: str) -> str:
        """Let somebody write, and give what the bot replies, if it does."""
        said = chat.send(person, text)
        await self.ears.hear()
        return "".join(one.text for one in chat.messages if one.reply_to_id == said.id)


@asynccontextmanager
async def open_till(
    bot: Bot, database: Database, clock: Clock, *, owner: Person, **limits: int
) -> AsyncIterator[Till]:
    account, day = Account(), OwnerDay(ZoneInfo("Europe/Moscow"), now=clock)
    access = AccessService(
        AccessStore(database, now=clock),
        open_to_all=True,
        admin_ids={owner.id},
        allowed_ids=set(),
    )
    async with ElumentaClient(
        "nb_nobody",
        base_url="https://api.example",
        patience=Patience(attempts=1),
        transport=httpx.MockTransport(account),
    ) as client:
        balance = BalanceService(client)
        dispatcher = Dispatcher(
            disable_fsm=True,
            spending=SpendingService(
                LedgerStore(database, now=clock),
                access,
                NoticeStore(database, now=clock),
                day=day,
                **{"user_daily": 0, "chat_daily": 0, "daily": 0, **limits},
            ),
            balance=balance,
            gate=Gate(lambda: client.limits, day=day, now=clock),
            day=day,
            access=access,
        )
        dispatcher.update.outer_middleware(Language(Translator.bundled()))
        admins = Router()
        admins.message.filter(from_admin)
        admins.include_router(handlers.create_admin_router())
        dispatcher.include_routers(admins, handlers.create_router())
        yield Till(
            ears=Ears(bot, dispatcher), account=account, database=database, clock=clock, day=day
        )
        await balance.close()
        await dispatcher.storage.close()
