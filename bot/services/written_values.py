"""Values of settings that people write."""

import re

from bot.errors import PersonaTooLong, PreferenceInvalid
from bot.model import Preference

HOTTEST = 2.0
LONGEST_ANSWER = 128_000
"""What the API takes at most, in the model's own tokens."""

LONGEST_PERSONA = 4_000
"""Characters of a system prompt."""

OFF = frozenset({"off", "default", "auto", "авто", "выкл"})
"""What people write to have the default back."""

THOUSANDS = re.compile(r"(?<=\d)[ ,.\u00a0\u202f](?=\d{3}(?!\d))")


def is_off(text: str) -> bool:
    """Say whether somebody wants the default back."""
    return text.strip().lower() in OFF


def read_temperature(text: str) -> float:
    """Read a number with a comma or a point; raises PreferenceInvalid."""
    written = text.strip().replace(",", ".")
    value = float(written) if re.fullmatch(r"[0-9](\.[0-9]{1,9})?", written) else None
    if value is None or value > HOTTEST:
        raise PreferenceInvalid(name=Preference.TEMPERATURE.value, low="0.0", high=str(HOTTEST))
    return round(value, 2)


def read_max_tokens(text: str) -> int:
    """Read a whole number, with or without its thousands set apart; raises PreferenceInvalid."""
    written = THOUSANDS.sub("", text.strip())
    value = int(written) if re.fullmatch(r"[0-9]{1,6}", written) else 0
    if not 1 <= value <= LONGEST_ANSWER:
        raise PreferenceInvalid(
            name=Preference.MAX_TOKENS.value, low="1", high=str(LONGEST_ANSWER)
        )
    return value


def read_persona(text: str) -> str:
    """Take a system prompt as it is written; raises PersonaTooLong."""
    prompt = text.strip()
    if len(prompt) > LONGEST_PERSONA:
        raise PersonaTooLong(length=len(prompt), limit=LONGEST_PERSONA)
    return prompt
