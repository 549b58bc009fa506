"""`python models_seen.py lazily|ordinarily` prints how aiogram's models came, and what they do."""

import json
import sys
from collections.abc import Iterator
from importlib import import_module
from inspect import isabstract

from pydantic import BaseModel, ValidationError

from bot.telegram import lazy_models

CHAT = {"id": -1001, "type": "supergroup", "title": "Us", "is_forum": True}
PERSON = {"id": 7, "is_bot": False, "first_name": "Ann", "language_code": "ru"}
MESSAGE = {
    "message_id": 5,
    "date": 1_700_000_000,
    "chat": CHAT,
    "from": PERSON,
    "text": "/chat hello",
    "entities": [{"type": "bot_command", "offset": 0, "length": 5}],
    "message_thread_id": 3,
    "unknown_to_us": {"new": True},
}
PICTURE = {
    **MESSAGE,
    "text": None,
    "caption": "look",
    "photo": [{"file_id": "a", "file_unique_id": "b", "width": 1, "height": 2}],
    "reply_to_message": MESSAGE,
}
MEMBER = {"status": "member", "user": PERSON}
PRESS = {"id": "1", "from": PERSON, "chat_instance": "2", "data": "stop:5"}
QUERY = {"id": "1", "from": PERSON, "query": "fox", "offset": ""}

UPDATES: tuple[dict[str, object], ...] = (
    {"update_id": 1, "message": MESSAGE},
    {"update_id": 2, "edited_message": PICTURE},
    {"update_id": 3, "callback_query": {**PRESS, "message": MESSAGE}},
    {"update_id": 4, "callback_query": {**PRESS, "message": {**MESSAGE, "date": 0}}},
    {"update_id": 5, "inline_query": QUERY},
    {
        "update_id": 6,
        "my_chat_member": {
            "chat": CHAT,
            "from": PERSON,
            "date": 1,
            "old_chat_member": MEMBER,
            "new_chat_member": {**MEMBER, "status": "kicked", "until_date": 0},
        },
    },
    {"update_id": 7, "message": {**MESSAGE, "chat": {"id": "none"}}},
    {"update_id": 8, "something_new": {"a": 1}},
)

KEYS = {"inline_keyboard": [[{"text": "Stop", "callback_data": "stop:5"}]]}
TEXT = {"chat_id": -1001, "text": "hi", "reply_markup": KEYS}
CALLS: tuple[tuple[str, dict[str, object]], ...] = (
    ("GetMe", {}),
    ("SendMessage", {**TEXT, "entities": [{"type": "bold", "offset": 0, "length": 2}]}),
    ("SendMessage", {**TEXT, "reply_parameters": {"message_id": 5}, "message_thread_id": 3}),
    ("EditMessageText", {**TEXT, "message_id": 6, "link_preview_options": {"is_disabled": True}}),
    ("SendPhoto", {"chat_id": "@us", "photo": "file id", "caption": "a fox"}),
    ("SetMyCommands", {"commands": [{"command": "chat", "description": "Ask"}]}),
    ("AnswerCallbackQuery", {"callback_query_id": "1", "text": "Stopped"}),
    ("SendMessage", {"chat_id": [], "text": 5}),
)


def main(how: str) -> dict[str, object]:
    if how == "lazily":
        lazy_models.install()
    import_module("bot.app")

    models = sorted(set(_models()), key=lambda model: f"{model.__module__}.{model.__qualname__}")
    built = sum(model.__pydantic_complete__ for model in models)
    return {
        "built": built,
        "models": len(models),
        "examples": list(_examples()),
        "complaints": {f"{model.__module__}.{model.__name__}": _asked(model) for model in models},
        "unbuilt": [model.__name__ for model in models if not model.__pydantic_complete__],
    }


def _models() -> Iterator[type[BaseModel]]:
    """Find aiogram's models by their ancestor, and those of this program among them."""
    found: list[type[BaseModel]] = [
        import_module("aiogram.client.context_controller").BotContextController
    ]
    while found:
        model = found.pop()
        found += model.__subclasses__()
        if not isabstract(model):
            yield model


def _examples() -> Iterator[object]:
    types, methods = import_module("aiogram.types"), import_module("aiogram.methods")
    for update in UPDATES:
        yield _seen(types.Update, update)
        yield _seen(methods.Response[methods.GetUpdates.__returning__], _batch(update))
    for name, call in CALLS:
        yield _seen(getattr(methods, name), call)
    yield _seen(methods.Response[types.Message], {"ok": True, "result": PICTURE})


def _batch(update: dict[str, object]) -> dict[str, object]:
    return {"ok": True, "result": [update]}


def _asked(model: type[BaseModel]) -> object:
    """Find out what a model takes: nothing, and then nonsense for each field."""
    names = [field.alias or name for name, field in model.model_fields.items()]
    return [_seen(model, {}), _seen(model, {name: {"nonsense": [1]} for name in names})]


def _seen(model: type[BaseModel], value: object) -> object:
    try:
        read = model.model_validate(value)
    except ValidationError as refusal:
        return refusal.errors(include_url=False, include_context=False)
    # A default that depends on the bot is an object without a value of its own.
    return repr(read), repr(read.model_dump(warnings=False, exclude_unset=True))


if __name__ == "__main__":
    print(json.dumps(main(sys.argv[1]), default=repr))  # noqa: T201 - for the test
