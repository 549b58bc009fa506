"""Which addresses Telegram takes for a link.

A link it does not take makes it refuse the whole message: "entity URL is invalid".
"""

import re
from urllib.parse import urlsplit

HOST = re.compile(r"\w[\w.-]*\.[\w-]+")
TELEGRAM = re.compile(r"tg://[a-z_-]+/?(\?\S*)?", re.IGNORECASE)
MAX_LENGTH = 2000


def is_linkable(address: str) -> bool:
    """Tell whether text may link here; what may not is shown, and apps find it by themselves.

    Telegram reads `mailto:` and `tel:` as names of hosts.
    """
    if len(address) > MAX_LENGTH or any(character.isspace() for character in address):
        return False
    return bool(TELEGRAM.fullmatch(address)) or _is_web_address(address)


def _is_web_address(address: str) -> bool:
    try:
        parts = urlsplit(address)
        return (
            parts.scheme in ("http", "https")
            and "@" not in parts.netloc
            and parts.port != 0
            and bool(HOST.fullmatch(parts.hostname or ""))
        )
    except ValueError:
        return False
