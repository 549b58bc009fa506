import pytest
from aiogram import Bot

from bot.i18n import Translator
from bot.model import ConversationKey, MediaKind, Preference
from bot.sandbox.telegram import Chat, Message, Person, TelegramServer
from bot.storage.engine import Database
from bot.storage.jobs import JobStore
from bot.storage.preferences import PreferenceStore
from tests.telegram.parlour import Lister, open_parlour
from tests.telegram.program import DEFAULT_MODELS, Ears
from tests.telegram.seeing import by_bot

ASKED = "What should the picture show? Reply to this message with it."
DEFAULT_NAMES = {MediaKind.IMAGE: "Flux 1.1 Pro", MediaKind.VIDEO: "Luma Ray 2 Flash"}


async def ordered(jobs: JobStore, chat: Chat) -> list[tuple[MediaKind, str, dict[str, object]]]:
    """What was ordered in a chat, oldest first, without the format that is always chosen."""
    found = await jobs.recent(ConversationKey(chat_id=chat.id), limit=100)
    return [
        (job.kind, job.question.prompt, {k: v for k, v in job.params.items() if k != "format"})
        for job in reversed(found)
    ]


async def asked_in(ears: Ears, chat: Chat, person: Person, order: str = "/image") -> Message:
    chat.send(person, order)
    await ears.hear()
    return by_bot(chat)[-1]


async def test_a_command_without_a_prompt_asks_for_it_and_shows_the_options(
    ears: Ears, jobs: JobStore, chat: Chat, ann: Person
) -> None:
    question = await asked_in(ears, chat, ann)

    assert question.text.splitlines()[0] == ASKED
    assert question.force_reply
    for part in ("--size", "--model", "/image --"):
        assert part in question.text
    assert await ordered(jobs, chat) == []


async def test_the_reply_to_the_question_is_the_prompt(
    ears: Ears, jobs: JobStore, chat: Chat, ann: Person
) -> None:
    question = await asked_in(ears, chat, ann)

    chat.send(ann, "a fox\nat dawn --tile", reply_to=question)
    await ears.hear()

    assert await ordered(jobs, chat) == [(MediaKind.IMAGE, "a fox\nat dawn --tile", {})]


async def test_the_question_remembers_the_options_and_the_reply_may_change_them(
    ears: Ears, jobs: JobStore, chat: Chat, ann: Person
) -> None:
    question = await asked_in(ears, chat, ann, '/image --no "red, blue" --seed 7 --')
    again = await asked_in(ears, chat, ann, "/video --duration 10")

    chat.send(ann, "--seed 8 --size 768x1344 a fox", reply_to=question)
    chat.send(ann, "a hen", reply_to=again)
    await ears.hear()

    assert question.text == f'{ASKED}\n/image --no "red, blue" --seed 7 --'
    (entity,) = question.entities
    assert entity["type"] == "code"
    assert question.text[entity["offset"] :].startswith("/image")
    size = {"negative_prompt": "red, blue", "seed": 8, "size": "768x1344"}
    assert await ordered(jobs, chat) == [
        (MediaKind.IMAGE, "a fox", size),
        (MediaKind.VIDEO, "a hen", {"duration": 10}),
    ]


async def test_a_reply_of_options_only_is_asked_once_more_and_nothing_is_forgotten(
    ears: Ears, jobs: JobStore, chat: Chat, ann: Person
) -> None:
    first = await asked_in(ears, chat, ann, "/image --seed 7")
    chat.send(ann, "--size 768x1344", reply_to=first)
    await ears.hear()

    chat.send(ann, "a fox", reply_to=by_bot(chat)[-1])
    await ears.hear()

    expected = {"seed": 7, "size": "768x1344"}
    assert await ordered(jobs, chat) == [(MediaKind.IMAGE, "a fox", expected)]


async def test_a_reply_without_words_is_told_that_words_are_needed(
    ears: Ears, jobs: JobStore, chat: Chat, ann: Person
) -> None:
    question = await asked_in(ears, chat, ann)

    chat.send_media(ann, "photo", caption="like this", reply_to=question)
    await ears.hear()

    assert "I need words" in by_bot(chat)[-1].text
    assert await ordered(jobs, chat) == []


@pytest.mark.parametrize("language", Translator.bundled().languages)
@pytest.mark.parametrize("command", ["/image", "/video"])
async def test_the_question_is_known_again_in_every_language(
    ears: Ears, server: TelegramServer, jobs: JobStore, language: str, command: str
) -> None:
    person = server.person("Lee", language_code=language)
    chat = server.private_chat(person)
    question = await asked_in(ears, chat, person, command)

    chat.send(person, "a fox", reply_to=question)
    await ears.hear()

    assert await ordered(jobs, chat) == [(MediaKind(command[1:]), "a fox", {})]


async def test_anybody_in_a_group_may_answer_the_question_and_it_is_theirs_then(
    ears: Ears, server: TelegramServer, jobs: JobStore, ann: Person
) -> None:
    bob = server.person("Bob")
    group = server.group("Friends", members=[ann, bob], announce=False)
    question = await asked_in(ears, group, ann, f"/image@{server.username}")

    group.send(bob, "a fox", reply_to=question)
    await ears.hear()

    (job,) = await jobs.recent(ConversationKey(chat_id=group.id), limit=1)
    assert (job.question.person_id, job.question.prompt) == (bob.id, "a fox")


async def test_a_command_takes_the_message_that_it_replies_to(
    ears: Ears, jobs: JobStore, chat: Chat, ann: Person
) -> None:
    told = chat.send(ann, "/unknown a fox on a bicycle")
    shown = chat.send_media(ann, "photo", caption="a hen")

    chat.send(ann, "/image --seed 7", reply_to=told, quote="a fox")
    chat.send(ann, "/video", reply_to=shown)
    chat.send(ann, "/image a pig", reply_to=shown)
    await ears.hear()

    assert await ordered(jobs, chat) == [
        (MediaKind.IMAGE, "a fox", {"seed": 7}),
        (MediaKind.VIDEO, "a hen", {}),
        (MediaKind.IMAGE, "a pig", {}),
    ]


async def test_the_bots_own_question_is_nobodys_prompt(
    ears: Ears, jobs: JobStore, chat: Chat, ann: Person
) -> None:
    question = await asked_in(ears, chat, ann)

    chat.send(ann, "/video", reply_to=question)
    await ears.hear()

    assert await ordered(jobs, chat) == []
    assert "What should the video show?" in by_bot(chat)[-1].text


async def test_a_topic_is_not_a_message_to_make_a_picture_of(
    ears: Ears, jobs: JobStore, forum: Chat, ann: Person
) -> None:
    topic = forum.topic("Foxes")

    forum.send(ann, "/image", thread_id=topic)
    await ears.hear()

    (question,) = by_bot(forum)
    assert (question.text.splitlines()[0], question.thread_id) == (ASKED, topic)
    assert await jobs.recent(ConversationKey(chat_id=forum.id, thread_id=topic), limit=1) == []


async def test_mistakes_are_told_before_a_prompt_is_asked_for(
    ears: Ears, chat: Chat, ann: Person
) -> None:
    told = await asked_in(ears, chat, ann, "/image --size 1x1")

    assert "768x1344" in told.text
    assert not told.force_reply


async def test_options_that_leave_no_room_for_the_question_are_told_to_be_too_long(
    ears: Ears, chat: Chat, ann: Person
) -> None:
    told = await asked_in(ears, chat, ann, "/image --no " + "x" * 4_080)

    assert "too long" in told.text


async def test_help_explains_pictures_and_videos(ears: Ears, chat: Chat, ann: Person) -> None:
    texts = [
        (await asked_in(ears, chat, ann, f"/help {topic}")).text
        for topic in ("image", "VIDEO", "/video", "nonsense", "")
    ]

    assert "--seed" in texts[0]
    assert "--duration" in texts[1]
    assert texts[1] == texts[2]
    assert texts[3] == texts[4]
    assert "/jobs" in texts[4]


async def test_orders_move_with_their_group(
    ears: Ears, server: TelegramServer, jobs: JobStore, ann: Person
) -> None:
    group = server.group("Movers", members=[ann], announce=False)
    group.send(ann, f"/image@{server.username} a fox")
    await ears.hear()

    supergroup = group.migrate()
    await ears.hear()

    assert await ordered(jobs, group) == []
    assert await ordered(jobs, supergroup) == [(MediaKind.IMAGE, "a fox", {})]


@pytest.mark.parametrize("language", ["en", "ru"])
@pytest.mark.parametrize("kind", MediaKind)
async def test_it_is_said_once_that_the_model_of_a_chat_vanished(
    ears: Ears,
    server: TelegramServer,
    jobs: JobStore,
    database: Database,
    *,
    translator: Translator,
    kind: MediaKind,
    language: str,
) -> None:
    person = server.person("Ann", language_code=language)
    chat = server.private_chat(person)
    chat.send(person, "/start")
    gone, default = Preference(f"{kind}_model"), DEFAULT_MODELS[kind]
    await PreferenceStore(database).change(chat.id, {gone: "dall-e-2"})

    chat.send(person, f"/{kind} a fox")
    chat.send(person, f"/{kind} a hen")
    await ears.hear()

    t, name = translator.for_locale(language), DEFAULT_NAMES[kind]
    said = t("media-model-vanished", kind=kind.value, model="dall-e-2", default=name)
    assert [message.text for message in by_bot(chat)].count(said) == 1
    found = await jobs.recent(ConversationKey(chat_id=chat.id), limit=100)
    assert [job.model for job in found] == [default, default]


async def test_a_model_that_vanished_is_called_by_its_name(
    bot: Bot, database: Database, chat: Chat, ann: Person
) -> None:
    lister = Lister(models=[{"slug": "photon", "category": "image", "token_cost": 1}])
    async with open_parlour(bot, database, lister) as parlour:
        await parlour.ears.hear()
        await parlour.store.change(chat.id, {Preference.IMAGE_MODEL: "dall-e-3"})

        told = await parlour.told(chat, ann, "/image a fox")

    assert told.text.startswith("DALL-E 3 is no longer offered; Flux 1.1 Pro makes the pictures")


async def test_whoever_names_a_model_hears_nothing_of_the_one_of_their_chat(
    ears: Ears, jobs: JobStore, database: Database, chat: Chat, ann: Person
) -> None:
    preferences = PreferenceStore(database)
    await preferences.change(chat.id, {Preference.IMAGE_MODEL: "dall-e-2"})
    await ears.hear()
    before = len(by_bot(chat))

    chat.send(ann, "/image --model photon a fox")
    await ears.hear()

    assert len(by_bot(chat)) == before
    [job] = await jobs.recent(ConversationKey(chat_id=chat.id), limit=100)
    assert job.model == "photon"
    assert (await preferences.load(chat.id)).image_model == "dall-e-2"


async def test_the_question_for_a_prompt_names_the_model_of_the_chat(
    ears: Ears, database: Database, chat: Chat, ann: Person
) -> None:
    await PreferenceStore(database).change(chat.id, {Preference.IMAGE_MODEL: "recraft-v3"})

    question = await asked_in(ears, chat, ann)

    assert "without it recraft-v3" in question.text
