"""Well-formed contents of messages that are more than text."""

from bot.sandbox.telegram.errors import impossible
from bot.sandbox.telegram.model import JsonObject

KINDS = frozenset(
    {
        "animation",
        "audio",
        "checklist",
        "contact",
        "dice",
        "document",
        "game",
        "location",
        "photo",
        "poll",
        "sticker",
        "story",
        "venue",
        "video",
        "video_note",
        "voice",
    }
)


def content_of(kind: str, unique: int) -> JsonObject:
    """Describe a medium of this kind; *unique* makes its file ids differ from all others."""
    if kind not in KINDS:
        impossible(f"no medium is named {kind!r}; there are {', '.join(sorted(KINDS))}")

    contents = _files(unique) | _others(unique)
    content: JsonObject = {kind: contents[kind]}
    if kind == "animation":
        content["document"] = contents["document"]
    if kind == "venue":
        content["location"] = contents["location"]
    return content


def _files(unique: int) -> JsonObject:
    file: JsonObject = {
        "file_id": f"AgACAgIAAxkBAAIB{unique:08d}",
        "file_unique_id": f"AQAD{unique:08d}",
        "file_size": 20_480,
    }
    sized: JsonObject = {**file, "width": 640, "height": 480}
    timed: JsonObject = {**file, "duration": 4}
    look: JsonObject = {"type": "regular", "is_animated": False, "is_video": False, "emoji": "🙂"}

    return {
        "animation": {**sized, **timed, "mime_type": "video/mp4"},
        "audio": {**timed, "mime_type": "audio/mpeg", "title": "Song"},
        "document": {**file, "file_name": "report.pdf", "mime_type": "application/pdf"},
        "photo": [{**file, "width": 90, "height": 67}, sized],
        "sticker": {**sized, **look},
        "video": {**sized, **timed, "mime_type": "video/mp4"},
        "video_note": {**timed, "length": 240},
        "voice": {**timed, "mime_type": "audio/ogg"},
    }


def _others(unique: int) -> JsonObject:
    location: JsonObject = {"latitude": 55.7558, "longitude": 37.6173}
    channel: JsonObject = {"id": -1_001_000_000_001, "type": "channel", "title": "News"}

    return {
        "checklist": {"title": "Shopping", "tasks": [{"id": 1, "text": "Milk"}]},
        "contact": {"phone_number": "+12025550123", "first_name": "Carol"},
        "dice": {"emoji": "🎲", "value": 4},
        "game": {"title": "Chess", "description": "A game", "photo": []},
        "location": location,
        "poll": _poll(unique),
        "story": {"chat": channel, "id": 1},
        "venue": {"location": location, "title": "Bolshoi", "address": "Theatre Square 1"},
    }


def _poll(unique: int) -> JsonObject:
    return {
        "id": str(unique),
        "question": "Tea or coffee?",
        "options": [
            {"persistent_id": "0", "text": "Tea", "voter_count": 0},
            {"persistent_id": "1", "text": "Coffee", "voter_count": 0},
        ],
        "total_voter_count": 0,
        "is_closed": False,
        "is_anonymous": True,
        "type": "regular",
        "allows_multiple_answers": False,
        "allows_revoting": True,
        "members_only": False,
    }
