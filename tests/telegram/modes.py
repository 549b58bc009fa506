"""Settings of a bot that may be called in chats that it does not belong to."""

from bot.settings import Settings


def settings_with(**modes: bool) -> Settings:
    """Make settings with GUEST_MODE and INLINE_MODE, in lower case, as they are given here."""
    values = {"bot_token": "123456789:" + "a" * 35, "elumenta_api_key": "nb_nobody", **modes}
    return Settings.model_validate({"guest_mode": False, "inline_mode": False, **values})
