"""The least that an aiogram bot can be, for ours to be compared with."""

import asyncio
import os

from aiogram import Bot, Dispatcher
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.types import Message


async def main() -> None:
    server = TelegramAPIServer.from_base(os.environ["TELEGRAM_API_URL"])
    bot = Bot(os.environ["BOT_TOKEN"], session=AiohttpSession(api=server))
    dispatcher = Dispatcher()
    dispatcher.message.register(agree)
    await dispatcher.start_polling(bot)


async def agree(message: Message) -> None:
    await message.answer("ok")


if __name__ == "__main__":
    asyncio.run(main())
