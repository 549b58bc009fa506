"""An order of a picture, and pictures and videos that may come of it."""

from collections.abc import Mapping
from dataclasses import replace
from io import BytesIO

from PIL import Image

from bot.errors import OrderLost
from bot.model import (
    ConversationKey,
    Failure,
    JobState,
    MediaJob,
    MediaKind,
    MediaResult,
    Question,
)
from bot.sandbox.telegram import Chat, Message
from bot.services.courier import Courier, Media, Outcome
from tests.storage.questions import FIRST_MOMENT

RESULT = MediaResult(
    url="https://cdn.example.com/files/1.png",
    tokens_spent=4,
    seed=42,
    width=640,
    height=360,
    duration_seconds=5.4,
    processing_seconds=12.3,
)
CAPTION = "flux-1.1-pro · 4 tokens · seed 42 · 12 s"


def question_in(chat: Chat, order: Message, *, language: str = "en") -> Question:
    return Question(
        key=ConversationKey(chat_id=chat.id, thread_id=order.thread_id),
        message_id=order.id,
        person_id=order.sender.id,
        language=language,
        asked_at=FIRST_MOMENT,
        prompt="a fox",
    )


def a_job(**changes: object) -> MediaJob:
    """A picture that was just ordered, except for the changes."""
    question = Question(
        key=ConversationKey(chat_id=7),
        message_id=1,
        person_id=7,
        language="en",
        asked_at=FIRST_MOMENT,
        prompt="a fox",
    )
    plain: Mapping[str, object] = {
        "id": 17,
        "question": question,
        "kind": MediaKind.IMAGE,
        "model": "flux-1.1-pro",
        "params": {},
        "price": None,
        "state": JobState.CREATED,
        "created_at": FIRST_MOMENT,
        "waiting_since": None,
        "finished_at": None,
        "generation_id": None,
        "eta_seconds": None,
        "result": None,
        "failure": None,
        "status_message_id": None,
        "looks": 0,
        "failures": 0,
        "due_at": None,
        "lease": None,
    }
    return MediaJob(**{**plain, **changes})  # type: ignore[arg-type]  # a test's own fields


def a_result(**changes: object) -> MediaJob:
    return a_job(**{"state": JobState.READY, "result": RESULT, **changes})


def a_picture(*, format_: str = "PNG", size: int | None = None, width: int = 64) -> Media:
    """A picture in a file, filled up to its size."""
    file = BytesIO()
    Image.new("RGB", (width, 48), "orange").save(file, format_)
    if size is not None:
        file.seek(size - 1)
        file.write(b"\0")
    return Media(file=file, size=len(file.getvalue()), content_type=f"image/{format_.lower()}")


def a_video(content_type: str = "video/mp4") -> Media:
    file = BytesIO(b"\0\0\0\x18ftypmp42" + bytes(1000))
    return Media(file=file, size=len(file.getvalue()), content_type=content_type)


def whole(media: Media) -> bytes:
    media.file.seek(0)
    return media.file.read()


def lost(job: MediaJob) -> MediaJob:
    failure = Failure(key=OrderLost.key, arguments={})
    return replace(job, state=JobState.FAILED, failure=failure)


async def shown(courier: Courier, job: MediaJob) -> MediaJob:
    """Show a job, and give it as it is stored then."""
    delivery = await courier.show(job)
    assert delivery.outcome is Outcome.DONE
    return replace(job, status_message_id=delivery.message_id)
