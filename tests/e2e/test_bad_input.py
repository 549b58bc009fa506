import pytest

from bot.sandbox.elumenta import Reply
from bot.sandbox.telegram import Fault, FaultKind
from tests.e2e.seeing import answer, posts, said_by_bot
from tests.stage import Stage

MEDIA = ["sticker", "photo", "voice", "audio", "video", "location", "contact", "dice", "poll"]


@pytest.mark.parametrize("kind", MEDIA)
async def test_what_is_no_text_is_answered_with_what_the_bot_can_read(
    city: Stage, kind: str
) -> None:
    chat = city.telegram.private_chat(city.telegram.person("Ann"))

    chat.send_media(chat.members[0], kind)

    await answer(chat, "text only")


async def test_media_in_a_group_are_left_in_peace(city: Stage) -> None:
    ann = city.telegram.person("Ann")
    group = city.telegram.group("Artists", members=[ann])

    group.send_media(ann, "photo", caption="my cat")
    told = await group.reply_to(group.send(ann, "/chat nice, is it not?"))

    assert [one for one in said_by_bot(group) if one.reply_to_id] == [told]


async def test_a_forwarded_text_is_answered(city: Stage) -> None:
    ann, bob = city.telegram.person("Ann"), city.telegram.person("Bob")
    chat = city.telegram.private_chat(ann)
    city.elumenta.script(Reply(text="Old news."), contains="forwarded news")

    chat.send(ann, "forwarded news", forwarded_from=bob)

    await answer(chat, "Old news.")


async def test_an_unknown_command_points_to_help(city: Stage) -> None:
    chat = city.telegram.private_chat(city.telegram.person("Ann"))

    chat.send(chat.members[0], "/dance")

    await answer(chat, "/help")


async def test_a_question_deleted_meanwhile_is_answered_all_the_same(city: Stage) -> None:
    ann = city.telegram.person("Ann")
    group = city.telegram.group("Hasty", members=[ann])
    city.elumenta.script(Reply(text="Answered anyway.", first_delay=1), contains="delete me")
    question = group.send(ann, "/chat delete me")

    group.delete(question)

    await answer(group, "Answered anyway.")


async def test_a_command_deleted_meanwhile_is_answered_all_the_same(city: Stage) -> None:
    ann = city.telegram.person("Ann")
    group = city.telegram.group("Hastier", members=[ann])
    slow = Fault(kind=FaultKind.DELAY, method="getUpdates", seconds=1)
    city.telegram.fail(slow)
    command = group.send(ann, "/help")

    group.delete(command)

    await answer(group, "/chat")


async def test_a_path_is_no_command(city: Stage) -> None:
    chat = city.telegram.private_chat(city.telegram.person("Ann"))
    city.elumenta.script(Reply(text="It runs programs."), contains="/usr/bin/env")

    chat.send(chat.members[0], "/usr/bin/env: what is it for?")

    await answer(chat, "It runs programs.")


async def test_an_answer_deleted_while_it_is_written_arrives_again(city: Stage) -> None:
    ann = city.telegram.person("Ann")
    chat = city.telegram.private_chat(ann)
    city.elumenta.script(Reply(chunks=("one ", "two ", "three"), gap=1.2), contains="count slowly")
    chat.send(ann, "count slowly")
    first = (await chat.wait(said_by_bot))[0]

    chat.delete(first)

    await answer(chat, "one two three")


async def test_a_person_who_blocked_the_bot_does_not_disturb_the_others(city: Stage) -> None:
    ann, bob = city.telegram.person("Ann"), city.telegram.person("Bob")
    blocked, other = city.telegram.private_chat(ann), city.telegram.private_chat(bob)
    reply = Reply(chunks=("never ", "seen"), gap=0.5)
    city.elumenta.script(reply, contains="I will block you")
    blocked.send(ann, "I will block you")
    await blocked.wait(said_by_bot)
    blocked.block(ann)

    other.send(bob, "still well?")
    await answer(other)

    blocked.unblock(ann)
    again = blocked.send(ann, "I am back")
    await answer(blocked, after=again)


async def test_a_kicked_bot_lives_on(city: Stage) -> None:
    ann = city.telegram.person("Ann")
    group = city.telegram.group("Rude", members=[ann])
    city.elumenta.script(Reply(text="too late", first_delay=1), contains="out with you")
    group.send(ann, "/chat out with you")

    group.kick_bot()

    chat = city.telegram.private_chat(ann)
    chat.send(ann, "sorry")
    await answer(chat)


async def test_a_message_whose_confirmation_got_lost_is_sent_twice_at_most(city: Stage) -> None:
    ann = city.telegram.person("Ann")
    chat = city.telegram.private_chat(ann)
    chat.send(ann, "hello")
    await answer(chat)
    fault = Fault(kind=FaultKind.LOST_ANSWER, method="sendMessage", chat_id=chat.id, times=5)
    city.telegram.fail(fault)

    command = chat.send(ann, "/help")

    await chat.wait(lambda chat: len(said_by_bot(chat, after=command)) >= 2)
    other = city.telegram.private_chat(city.telegram.person("Bob"))
    other.send(other.members[0], "hello")
    await answer(other)
    assert len(said_by_bot(chat, after=command)) == 2


async def test_frames_whose_confirmation_got_lost_leave_one_message_at_most(city: Stage) -> None:
    ann = city.telegram.person("Ann")
    chat = city.telegram.private_chat(ann)
    reply = Reply(chunks=tuple(f"frame{n} " for n in range(20)), gap=0.2)
    city.elumenta.script(reply, contains="lose the frames")
    fault = Fault(kind=FaultKind.LOST_ANSWER, method="sendMessage", chat_id=chat.id, times=4)
    city.telegram.fail(fault)

    chat.send(ann, "lose the frames")

    await answer(chat, "frame19")
    assert len(said_by_bot(chat)) <= 3


UPDATES: list[dict[str, object]] = [
    {"edited_message": {"text": "edited"}},
    {"channel_post": {"text": "posted"}},
    {"edited_channel_post": {"text": "posted"}},
    {"message": {"new_chat_title": "A title"}},
    {"message": {"group_chat_created": True}},
    {"message": {"delete_chat_photo": True}},
    {"message": {"message_auto_delete_timer_changed": {"message_auto_delete_time": 60}}},
    {"message": {"video_chat_started": {}}},
    {"message": {"boost_added": {"boost_count": 1}}},
    {"message": {"web_app_data": {"data": "x", "button_text": "y"}}},
    {"message": {"something_of_the_future": {"deep": [1, 2]}}},
    {"something_of_the_future": {"deep": [1, 2]}},
]


@pytest.mark.parametrize("update", UPDATES, ids=str)
async def test_updates_that_are_no_questions_cost_nothing(
    city: Stage, update: dict[str, dict[str, object]]
) -> None:
    ann = city.telegram.person("Ann")
    group = city.telegram.group("Odd", members=[ann])
    before = len(posts(city))
    ((kind, body),) = update.items()
    frame = {
        "message_id": 700,
        "date": 1_790_000_000,
        "chat": {"id": group.id, "type": "group", "title": "Odd"},
        "from": {"id": ann.id, "is_bot": False, "first_name": "Ann"},
    }

    city.telegram.push({kind: {**frame, **body}})

    group.send(ann, "/help")
    await answer(group, "/chat")
    assert len(posts(city)) == before


async def test_a_wrong_token_ends_the_program_with_one_line(stage: Stage) -> None:
    bot = await stage.launch_bot(bot_token="123456789:" + "x" * 35, log_level="WARNING")

    assert await bot.ended() == 2
    assert bot.output.splitlines() == [
        "BOT_TOKEN: Telegram does not know it; copy it again from @BotFather"
    ]


async def test_missing_and_wrong_settings_end_the_program_with_a_line_each(stage: Stage) -> None:
    bot = await stage.launch_bot(
        bot_token="", elumenta_api_key="secret-of-mine", access="maybe", history_chars="many"
    )

    assert await bot.ended() == 2
    names = [line.split(":")[0] for line in bot.output.splitlines()]
    assert names == ["BOT_TOKEN", "ELUMENTA_API_KEY", "ACCESS", "HISTORY_CHARS"]
    assert "secret-of-mine" not in bot.output


async def test_a_default_model_that_is_not_in_the_catalogue_ends_the_program(stage: Stage) -> None:
    bot = await stage.launch_bot(default_video_model="flux-1.1-pro", log_level="WARNING")

    assert await bot.ended() == 2
    assert bot.output.splitlines() == [
        "DEFAULT_VIDEO_MODEL: is no video model; README lists those there are"
    ]


async def test_a_folder_that_cannot_be_written_is_one_line_with_the_way_out(stage: Stage) -> None:
    (stage.folder / "data").write_text("a file where a folder should be")
    bot = await stage.launch_bot(log_level="WARNING")

    assert await bot.ended() == 2
    assert len(bot.output.splitlines()) == 1
    assert "data" in bot.output


async def test_no_secret_and_no_prompt_is_ever_logged(stage: Stage) -> None:
    bot = await stage.start_bot(log_level="DEBUG")
    ann = stage.telegram.person("Ann")
    chat = stage.telegram.private_chat(ann)
    stage.elumenta.script(Reply(status=500, error="provider_error"), contains="confidential")
    stage.telegram.fail(Fault(kind=FaultKind.SERVER_ERROR, method="getUpdates"))
    stage.telegram.fail(Fault(kind=FaultKind.CUT, method="sendMessage"))

    chat.send(ann, "my confidential question")
    await answer(chat, "nothing was charged")
    await bot.terminate()

    for secret in (stage.telegram.token, stage.elumenta.api_key, "confidential"):
        assert secret not in bot.output
    assert "Traceback" not in bot.output
