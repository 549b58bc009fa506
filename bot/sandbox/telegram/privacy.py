"""What a bot gets to see in a group while it runs in privacy mode."""

from bot.sandbox.telegram.entities import utf16_slice
from bot.sandbox.telegram.media import KINDS
from bot.sandbox.telegram.model import Entity, Message, Person
from bot.sandbox.telegram.room import ChatType, Room


def is_for_bot(message: Message, *, room: Room, bot: Person) -> bool:
    """Commands, mentions, replies to the bot and service messages, anything outside of groups."""
    if room.type in (ChatType.PRIVATE, ChatType.CHANNEL):
        return True
    if message.kind != "text" and message.kind not in KINDS:
        return True

    target = room.find(message.reply_to_id)
    if target is not None and target.from_bot:
        return True
    return any(_addresses(bot, entity, message.text) for entity in message.entities)


def _addresses(bot: Person, entity: Entity, text: str) -> bool:
    words = utf16_slice(text, entity["offset"], entity["length"]).lower()
    own_name = f"@{bot.username}".lower()
    match entity["type"]:
        case "bot_command":
            return "@" not in words or words.endswith(own_name)
        case "mention":
            return words == own_name
        case "text_mention":
            return entity["user"]["id"] == bot.id
        case _:
            return False
