"""Settings of a bot that may, or may not, be called in chats that it does not belong to."""

from bot.settings import GroupControl, Settings


def settings_with(control: GroupControl = GroupControl.ADMINS, /, **modes: bool) -> Settings:
    """Make settings with GUEST_MODE and INLINE_MODE, in lower case, as they are given here."""
    values = {"bot_token": "123456789:" + "a" * 35, "elumenta_api_key": "nb_nobody", **modes}
    defaults = {"guest_mode": False, "inline_mode": False, "group_control": control}
    return Settings.model_validate({**defaults, **values})
