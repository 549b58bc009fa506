from bot.sandbox.cast import Cast
from bot.sandbox.page.views import ACTION_SECONDS, chat_view, message_views
from bot.sandbox.telegram import Chat, Draft, Message, TelegramServer


class Clock:
    """A clock that stands still until it is set."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def test_a_hint_is_seen_until_its_time_is_over() -> None:
    clock = Clock()
    cast, chat = a_private_chat(clock)
    chat.act("typing", None)

    seen = chat_view(chat, cast.owner)["action"]
    clock.now += ACTION_SECONDS + 1

    assert seen == "typing"
    assert chat_view(chat, cast.owner)["action"] is None


def test_a_message_of_the_bot_ends_a_hint() -> None:
    clock = Clock()
    cast, chat = a_private_chat(clock)
    chat.act("typing", None)
    clock.now += 1

    say_as_bot(chat, "Here it is.")

    assert chat_view(chat, cast.owner)["action"] is None


def test_a_message_of_the_person_ends_no_hint() -> None:
    clock = Clock()
    cast, chat = a_private_chat(clock)
    chat.act("typing", None)
    clock.now += 1

    chat.send(cast.owner, "And hurry!")

    assert chat_view(chat, cast.owner)["action"] == "typing"


def test_a_message_is_mine_to_its_sender_alone() -> None:
    cast = Cast(TelegramServer())
    ada, boris = cast.person("Ada"), cast.person("Boris")
    group = cast.chats_of(boris)[-1]
    group.send(ada, "Tea?")

    views = [list(message_views(group, person))[-1][1] for person in (ada, boris)]

    assert [view["isMine"] for view in views] == [True, False]
    assert [view["sender"] for view in views] == ["Ada", "Ada"]


def test_a_question_in_a_group_asks_whom_it_replies_to() -> None:
    cast = Cast(TelegramServer())
    ada, boris = cast.person("Ada"), cast.person("Boris")
    group = cast.chats_of(boris)[-1]
    asked = group.send(ada, "/image")
    question = say_as_bot(group, "Of what?", reply_to=asked.id)
    question.force_reply = True

    views = [list(message_views(group, person))[-1][1] for person in (ada, boris)]

    assert [view["asksMe"] for view in views] == [True, False]


def test_a_draft_is_seen_below_the_messages() -> None:
    clock = Clock()
    cast, chat = a_private_chat(clock)
    draft = Draft(
        id=7,
        text="Well",
        entities=[],
        thread_id=None,
        can_stop=True,
        keep_on_stop=False,
        updated_at=clock(),
    )

    chat.show_draft(draft)

    key, view = list(message_views(chat, cast.owner))[-1]
    assert key == f"draft/{chat.id}/7"
    assert view["canStop"] is True


def test_a_language_is_everybodys_in_every_chat() -> None:
    cast = Cast(TelegramServer())

    cast.speak("ru")

    people = [person for chat in cast.chats_of(cast.owner) for person in chat.members]
    assert {person.language_code for person in people} == {"ru"}
    assert cast.owner in cast.chats_of(cast.person("Boris"))[-1].members


def a_private_chat(clock: Clock) -> tuple[Cast, Chat]:
    cast = Cast(TelegramServer(clock=clock))
    chat = cast.chats_of(cast.owner)[0]
    chat.send(cast.owner, "Hello")
    return cast, chat


def say_as_bot(chat: Chat, text: str, *, reply_to: int | None = None) -> Message:
    message = chat.new_message(chat.world.bot)
    message.text, message.from_bot, message.reply_to_id = text, True, reply_to
    chat.post(message)
    return message
