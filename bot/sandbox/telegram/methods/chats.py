"""What a bot may learn about a chat, and how it leaves."""

from bot.sandbox.telegram.errors import refuse
from bot.sandbox.telegram.membership import member_json
from bot.sandbox.telegram.methods.method import ChatMethod, Method
from bot.sandbox.telegram.model import JsonObject
from bot.sandbox.telegram.room import ChatType, Standing
from bot.sandbox.telegram.world import World


class GetChat(Method):
    """Describe a chat, or a person whom the bot has met."""

    chat_id: int | str

    async def perform(self, world: World) -> object:
        gifts: JsonObject = {
            "unlimited_gifts": True,
            "limited_gifts": True,
            "unique_gifts": True,
            "premium_subscription": True,
            "gifts_from_channels": True,
        }
        return {
            **world.describe(self.chat_id),
            "accent_color_id": 0,
            "max_reaction_count": 11,
            "accepted_gift_types": gifts,
        }


class GetChatMember(ChatMethod):
    """Describe a person's part in a chat; the first member owns it."""

    user_id: int

    async def perform(self, world: World) -> object:
        room = self.room(world)
        person = world.people.get(self.user_id)
        if self.user_id == world.bot.id:
            return member_json(room, world.bot, Standing.MEMBER)
        if person is None:
            refuse("user not found")

        standing = Standing.MEMBER if room.has_member(person) else Standing.LEFT
        return member_json(room, person, standing)


class GetChatAdministrators(ChatMethod):
    """List the owner and the administrators of a group or channel, without other bots."""

    return_bots: bool = False

    async def perform(self, world: World) -> object:
        room = self.room(world)
        if room.type is ChatType.PRIVATE:
            refuse("there are no administrators in the private chat")

        admins = [person for person in (*room.members, world.bot) if room.is_admin(person)]
        return [member_json(room, person, Standing.MEMBER) for person in admins]


class LeaveChat(ChatMethod):
    """Leave a group or channel."""

    async def perform(self, world: World) -> object:
        room = self.room(world)
        if room.type is ChatType.PRIVATE:
            refuse("chat member status can't be changed in private chats")

        world.show_out(room, Standing.LEFT, by=world.bot)
        return True
