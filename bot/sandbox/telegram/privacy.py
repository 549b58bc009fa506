"""What a bot gets to see in a group while it runs in privacy mode, or as a guest."""

from bot.sandbox.telegram.entities import utf16_slice
from bot.sandbox.telegram.media import KINDS
from bot.sandbox.telegram.model import Entity, Message, Person
from bot.sandbox.telegram.room import ChatType, Room


def is_for_bot(message: Message, *, room: Room, bot: Person) -> bool:
    """What is written to or by way of the bot, service messages, anything outside of groups.

    https://core.telegram.org/bots/features#privacy-mode
    """
    if room.type in (ChatType.PRIVATE, ChatType.CHANNEL):
        return True
    if not _is_written(message) or _answers_the_bot(message, room):
        return True
    if _is_via_the_bot(message, room):
        return True
    return any(_addresses(bot, entity, message.text) for entity in message.entities)


def summons(message: Message, *, room: Room, bot: Person) -> bool:
    """Mentions of the username and replies to the bot, in groups that it does not belong to.

    https://core.telegram.org/bots/features#guest-bots
    """
    if room.type not in (ChatType.GROUP, ChatType.SUPERGROUP) or not _is_written(message):
        return False
    if _answers_the_bot(message, room):
        return True

    mentions = [entity for entity in message.entities if entity["type"] == "mention"]
    return any(_addresses(bot, entity, message.text) for entity in mentions)


def _is_written(message: Message) -> bool:
    return message.kind == "text" or message.kind in KINDS


def _answers_the_bot(message: Message, room: Room) -> bool:
    target = room.find(message.reply_to_id)
    return target is not None and target.from_bot


def _is_via_the_bot(message: Message, room: Room) -> bool:
    """Whether people chose it from the bot's inline results, or reply to what was chosen."""
    target = room.find(message.reply_to_id)
    return "via_bot" in message.content or (target is not None and "via_bot" in target.content)


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
