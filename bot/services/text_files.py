"""Which files are text, and what they say."""

import re

from bot.errors import FileNotText

MAX_FILE_BYTES = 256 * 1024
"""More than this is more than most models take."""

MOST_CONTROLS = 0.01
"""The share of control characters above which something only looks like text."""

CONTROLS = re.compile(r"[\x01-\x08\x0e-\x1a\x1c-\x1f\x7f-\x9f]")
"""Those that texts have no use for, as opposed to line breaks, page breaks and colours."""


def decode(data: bytes) -> str:
    """Read a file in whatever encoding can be told; takes up to a second, so not in the loop.

    Raises FileNotText for what is no text.
    """
    text = _decode(data)
    if "\0" in text or len(CONTROLS.findall(text)) > len(text) * MOST_CONTROLS:
        raise FileNotText
    return text.replace("\r\n", "\n")


def _decode(data: bytes) -> str:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return _guess(data)
    # Of UTF-16, which has a zero byte for each Latin letter, much is UTF-8 as well.
    return _guess(data) if "\0" in text else text


def _guess(data: bytes) -> str:
    from charset_normalizer import from_bytes  # noqa: PLC0415 - large, and hardly ever needed

    found = from_bytes(data).best()
    if found is None:
        raise FileNotText
    return str(found)
