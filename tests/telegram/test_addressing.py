from datetime import UTC, datetime

import pytest
from aiogram.types import Chat, ForumTopicCreated, Message, MessageEntity, TextQuote, User

from bot.model import ConversationKey
from bot.telegram.addressing import (
    conversation_of,
    exact_question_of,
    is_addressed,
    is_from_bot,
    person_of,
    question_of,
    quoted_text,
    text_without_mention,
)

ME = User(id=1, is_bot=True, first_name="Elumenta", username="elumenta_bot")
ANN = User(id=7, is_bot=False, first_name="Ann", last_name="Lee")
PRIVATE = Chat(id=7, type="private")
GROUP = Chat(id=-5, type="supergroup", title="Friends")


def message(text: str = "hi", **fields: object) -> Message:
    plain = {"message_id": 3, "date": datetime.now(UTC), "chat": GROUP, "from_user": ANN}
    return Message.model_validate({**plain, "text": text, **fields})


def mention(text: str, name: str) -> Message:
    before = text[: text.index(name)].encode("utf-16-le")
    entity = MessageEntity(type="mention", offset=len(before) // 2, length=len(name))
    return message(text, entities=[entity])


def test_private_messages_are_for_the_bot() -> None:
    assert is_addressed(message(chat=PRIVATE), ME)


@pytest.mark.parametrize("name", ["@elumenta_bot", "@Elumenta_Bot"])
def test_a_mention_is_for_the_bot_however_it_is_written(name: str) -> None:
    assert is_addressed(mention(f"hi {name}", name), ME)


def test_a_mention_of_somebody_else_is_not() -> None:
    assert not is_addressed(mention("hi @elumenta_bot2", "@elumenta_bot2"), ME)


def test_a_mention_of_a_bot_without_a_name_is_for_the_bot() -> None:
    entity = MessageEntity(type="text_mention", offset=0, length=8, user=ME)

    assert is_addressed(message("Elumenta, hi", entities=[entity]), ME)


def test_a_reply_to_the_bot_is_for_it() -> None:
    assert is_addressed(message(reply_to_message=message(from_user=ME)), ME)
    assert not is_addressed(message(reply_to_message=message()), ME)


def test_a_message_in_a_topic_that_the_bot_opened_is_not_a_reply_to_it() -> None:
    opening = message(
        "", from_user=ME, forum_topic_created=ForumTopicCreated(name="Tea", icon_color=1)
    )

    assert not is_addressed(message(reply_to_message=opening), ME)


@pytest.mark.parametrize(
    ("written", "asked"),
    [
        ("@elumenta_bot what is it?", "what is it?"),
        ("@elumenta_bot, what is it?", "what is it?"),
        ("what is it, @elumenta_bot", "what is it"),
        ("🎈🎈 @elumenta_bot what is it?", "🎈🎈 @elumenta_bot what is it?"),
        ("@elumenta_bot", ""),
    ],
)
def test_the_mention_that_calls_the_bot_is_not_part_of_the_question(
    written: str, asked: str
) -> None:
    assert text_without_mention(mention(written, "@elumenta_bot"), ME) == asked


def test_only_topics_are_conversations_of_their_own() -> None:
    topic = message(message_thread_id=9, is_topic_message=True)
    thread = message(message_thread_id=9)

    assert conversation_of(topic) == ConversationKey(chat_id=-5, thread_id=9)
    assert conversation_of(thread) == ConversationKey(chat_id=-5)


def test_hidden_authors_are_known_by_the_chat_they_write_as() -> None:
    anonymous = User(id=1087968824, is_bot=True, first_name="Group", username="GroupAnonymousBot")
    hidden = message(from_user=anonymous, sender_chat=GROUP)

    assert person_of(hidden) == GROUP.id
    assert not is_from_bot(hidden)
    assert person_of(message()) == ANN.id


def test_other_bots_and_automatic_forwards_are_not_people() -> None:
    assert is_from_bot(message(from_user=User(id=2, is_bot=True, first_name="Robot")))
    assert is_from_bot(message(sender_chat=GROUP, is_automatic_forward=True))
    assert not is_from_bot(message())


def test_a_group_question_names_its_speaker_and_a_private_one_does_not() -> None:
    assert question_of(message("hi"), "hi", language="en").prompt == "[Ann Lee] hi"
    assert question_of(message("hi", chat=PRIVATE), "hi", language="en").prompt == "hi"


def test_a_quoted_part_is_taken_instead_of_the_whole_message() -> None:
    replied = message("one two three")
    part = TextQuote(text="two", position=4)

    question = question_of(message(reply_to_message=replied, quote=part), "why?", language="en")

    assert question.prompt == "> [in reply to Ann Lee]\n> two\n\n[Ann Lee] why?"


def test_an_order_is_exactly_its_prompt() -> None:
    order = exact_question_of(message("/image a fox"), "a fox", language="ru")

    assert (order.prompt, order.language, order.person_id) == ("a fox", "ru", ANN.id)
    assert (order.key, order.message_id) == (ConversationKey(chat_id=GROUP.id), 3)


def test_the_picked_part_goes_before_the_text_and_the_caption_of_a_quoted_message() -> None:
    told, shown = message("one two three"), message("", caption="four")
    part = TextQuote(text="two", position=4)

    assert quoted_text(message(reply_to_message=told, quote=part)) == "two"
    assert quoted_text(message(reply_to_message=told)) == "one two three"
    assert quoted_text(message(reply_to_message=shown)) == "four"
    assert quoted_text(message()) == ""


def test_the_note_that_opens_a_topic_quotes_nothing() -> None:
    created = ForumTopicCreated(name="Tea", icon_color=1)

    assert quoted_text(message(reply_to_message=message("Tea", forum_topic_created=created))) == ""
