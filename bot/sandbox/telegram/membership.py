"""What somebody is in a chat, written as the Bot API writes it."""

from bot.sandbox.telegram.model import Admin, JsonObject, Person
from bot.sandbox.telegram.objects import user_json
from bot.sandbox.telegram.room import ChatType, Room, Standing

RIGHTS = (
    "can_manage_chat",
    "can_delete_messages",
    "can_manage_video_chats",
    "can_restrict_members",
    "can_change_info",
    "can_invite_users",
    "can_pin_messages",
    "can_send_welcome_messages",
)
NO_RIGHTS = (
    "can_be_edited",
    "can_promote_members",
    "can_post_stories",
    "can_edit_stories",
    "can_delete_stories",
)


def member_json(room: Room, person: Person, standing: Standing) -> JsonObject:
    """Write a ChatMember, https://core.telegram.org/bots/api#chatmember."""
    user = user_json(person)
    match standing:
        case Standing.MEMBER:
            return {"user": user, **_rank_json(room, person)}
        case Standing.BLOCKED | Standing.KICKED:
            return {"user": user, "status": "kicked", "until_date": 0}
        case Standing.LEFT | Standing.STRANGER:
            return {"user": user, "status": "left"}


def _rank_json(room: Room, person: Person) -> JsonObject:
    admin = room.admins.get(person.id)
    if room.owner is not None and room.owner.id == person.id:
        is_anonymous = admin is not None and admin.is_anonymous
        return {"status": "creator", "is_anonymous": is_anonymous}
    return {"status": "member"} if admin is None else _admin_json(room, admin)


def _admin_json(room: Room, admin: Admin) -> JsonObject:
    topics: JsonObject = {}
    if room.type is ChatType.SUPERGROUP:
        topics = {"can_manage_topics": admin.can_manage_topics}
    return {
        "status": "administrator",
        "is_anonymous": admin.is_anonymous,
        **dict.fromkeys(RIGHTS, True),
        **dict.fromkeys(NO_RIGHTS, False),
        **topics,
    }
