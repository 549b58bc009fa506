"""Which menu of commands a person sees.

https://core.telegram.org/bots/api#determining-list-of-commands
"""

from collections.abc import Mapping

from bot.sandbox.telegram.model import Person
from bot.sandbox.telegram.room import ChatType, Room, Standing

CommandKey = tuple[str, str]
"""Who sees a menu, such as `default` or `chat:5`, and the language, or nothing for all others."""
Menus = Mapping[CommandKey, list[dict[str, str]]]


def menu_of(menus: Menus, *, room: Room, person: Person) -> list[dict[str, str]]:
    """List the commands that are offered: those of the first menu set for this person."""
    if room.type is ChatType.PRIVATE:
        scopes = [f"chat:{room.id}", "all_private_chats", "default"]
    else:
        scopes = _group_scopes(room, person) if room.standing is Standing.MEMBER else []

    languages = [(person.language_code or "")[:2], ""]
    keys = [(scope, language) for scope in scopes for language in languages]
    return next((menus[key] for key in keys if key in menus), [])


def _group_scopes(room: Room, person: Person) -> list[str]:
    """The audiences a member belongs to, narrowest first; the first member is the owner."""
    is_admin = person == room.members[0]
    scopes = {
        f"chat_member:{room.id}:{person.id}": True,
        f"chat_administrators:{room.id}": is_admin,
        f"chat:{room.id}": True,
        "all_chat_administrators": is_admin,
        "all_group_chats": True,
        "default": True,
    }
    return [scope for scope, is_theirs in scopes.items() if is_theirs]
