"""Who plays in the demo: two people, the chat that each has with the bot, and their group."""

from collections.abc import Sequence

from bot.sandbox.telegram import Chat, File, Person, TelegramServer

NAMES = ("Ada", "Boris")
GROUP = "Tea party"
ANSWER_SECONDS = 20
"""So long does a pressed button wait for the bot."""


class NotOnStage(Exception):
    """There is no such person, or they have no such chat, message or draft."""


class Cast:
    """The people of the demo, who act through their Telegram apps."""

    def __init__(self, telegram: TelegramServer) -> None:
        """Let everybody meet before the bot is there."""
        self._telegram = telegram
        people = [telegram.person(name, language_code="en") for name in NAMES]
        self._private = [telegram.private_chat(person) for person in people]
        self._group = telegram.group(GROUP, members=people)

    @property
    def owner(self) -> Person:
        """The one whom the bot belongs to."""
        return self._private[0].members[0]

    def person(self, name: str) -> Person:
        for chat in self._private:
            if chat.members[0].first_name == name:
                return chat.members[0]
        message = f"no person named {name!r}"
        raise NotOnStage(message)

    def chats_of(self, person: Person) -> Sequence[Chat]:
        return [chat for chat in (*self._private, self._group) if person in chat.members]

    def say(self, name: str, chat_id: int, text: str, *, reply_to: int | None) -> None:
        """Send a message, in pieces if it is long, as the app does."""
        person, chat = self.person(name), self._chat(name, chat_id)
        chat.paste(person, text, reply_to=chat.find(reply_to))

    async def press(
        self, name: str, chat_id: int, message_id: int, label: str
    ) -> tuple[str, bool]:
        """Press a button; the result is what pops up, and whether it has to be confirmed."""
        person, chat = self.person(name), self._chat(name, chat_id)
        message = chat.find(message_id)
        if message is None:
            text = f"no message {message_id}"
            raise NotOnStage(text)

        try:
            answer = await chat.press(person, message, label).answer(ANSWER_SECONDS)
        except AssertionError:
            return "", False
        return answer.text, answer.show_alert

    def stop_draft(self, name: str, chat_id: int, draft_id: int) -> None:
        """Press the button on a draft that is still there."""
        person, chat = self.person(name), self._chat(name, chat_id)
        draft = chat.drafts.get(draft_id)
        if draft is not None:
            chat.stop_draft(person, draft)

    def speak(self, language: str) -> None:
        """Switch everybody's app to a language."""
        for chat in self._private:
            self._telegram.change_language(chat.members[0], language)

    def file(self, key: str, name: str) -> File | None:
        """Find what was sent by the end of its address."""
        return self._group.world.files.shown(key, name)

    def _chat(self, name: str, chat_id: int) -> Chat:
        for chat in self.chats_of(self.person(name)):
            if chat.id == chat_id:
                return chat
        message = f"{name} has no chat {chat_id}"
        raise NotOnStage(message)
