"""The commands about tokens, between a ledger to write in and an account to ask."""

from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import count
from typing import Unpack

import httpx
from aiogram import Bot, Dispatcher, Router

from bot.elumenta import ElumentaClient, Patience
from bot.i18n import Translator
from bot.model import Charge, ExpenseKind, ExpenseOutcome
from bot.sandbox.telegram import Chat, Person
from bot.services.owner_day import OwnerDay
from bot.storage.engine import Database
from bot.storage.expenses import reserve, settle
from bot.telegram.chat_languages import ChatLanguages
from bot.telegram.filters import from_admin
from bot.telegram.handlers import spending as handlers
from bot.telegram.middlewares.language import Language
from tests.choosing import create_choosing
from tests.owning import Limits, create_owning
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
    bot: Bot, database: Database, clock: Clock, *, owner: Person, **limits: Unpack[Limits]
) -> AsyncIterator[Till]:
    account = Account()
    async with ElumentaClient(
        "nb_nobody",
        base_url="https://api.example",
        patience=Patience(attempts=1),
        transport=httpx.MockTransport(account),
    ) as client:
        owning = create_owning(
            database, client, admin_ids={owner.id}, zone="Europe/Moscow", now=clock, **limits
        )
        preferences = create_choosing(database, client).preferences
        languages = ChatLanguages(Translator.bundled(), preferences)
        dispatcher = Dispatcher(
            disable_fsm=True,
            spending=owning.spending,
            balance=owning.balance,
            gate=owning.gate,
            day=owning.day,
            access=owning.access,
        )
        dispatcher.update.outer_middleware(Language(languages))
        admins = Router()
        admins.message.filter(from_admin)
        admins.include_router(handlers.create_admin_router())
        dispatcher.include_routers(admins, handlers.create_router())
        yield Till(
            ears=Ears(bot, dispatcher),
            account=account,
            database=database,
            clock=clock,
            day=owning.day,
        )
        await owning.balance.close()
        await dispatcher.storage.close()
