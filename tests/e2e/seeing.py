"""How a test sees a chat."""

from bot.sandbox.telegram import Chat, Message


def labels(message: Message) -> list[str]:
    return [button.text for row in message.buttons for button in row]


def is_being_written(message: Message) -> bool:
    return labels(message) in (["⏹ Stop"], ["⏹ Стоп"])


def said_by_bot(chat: Chat, *, after: Message | None = None) -> list[Message]:
    first = after.id if after else 0
    return [message for message in chat.messages if message.from_bot and message.id > first]


async def answer(chat: Chat, text: str = "", *, after: Message | None = None) -> Message:
    """Wait for a finished message of the bot that contains this text."""

    def finished(chat: Chat) -> Message | None:
        for message in said_by_bot(chat, after=after):
            if text in message.text and not is_being_written(message):
                return message
        return None

    return await chat.wait(finished)


async def growing(chat: Chat, text: str = "", *, after: Message | None = None) -> Message:
    """Wait for a message that the bot is still writing and that already contains this text."""

    def in_progress(chat: Chat) -> Message | None:
        for message in said_by_bot(chat, after=after):
            if text in message.text and is_being_written(message):
                return message
        return None

    return await chat.wait(in_progress)
