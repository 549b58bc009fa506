"""Commands, mentions and addresses that Telegram finds in what people write."""

import re

from bot.sandbox.telegram.entities import utf16_length
from bot.sandbox.telegram.model import Entity

PATTERN = re.compile(
    r"(?P<url>https?://[^\s<>]+[^\s<>.,;:!?()'\"])"
    r"|(?<![\w/@<>])(?P<bot_command>/[A-Za-z0-9_]{1,64}(?:@[A-Za-z]\w{2,31})?)(?![\w/@])"
    r"|(?<![\w@/])(?P<mention>@[A-Za-z]\w{2,31})(?!\w)",
    re.ASCII,
)


def detect(text: str) -> list[Entity]:
    """Find what an app highlights without being told."""
    return [
        Entity(
            type=match.lastgroup or "",
            offset=utf16_length(text[: match.start()]),
            length=utf16_length(match[0]),
        )
        for match in PATTERN.finditer(text)
    ]
