"""How a test sees a chat."""

from bot.sandbox.telegram import Chat, Message


def by_bot(chat: Chat) -> list[Message]:
    return [message for message in chat.messages if message.from_bot]


def the_one(chat: Chat) -> Message:
    (message,) = by_bot(chat)
    return message


def labels(message: Message) -> list[str]:
    return [button.text for row in message.buttons for button in row]
