"""Has the models of aiogram built when they are first used, which most of them never are."""

import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from threading import RLock

import structlog
from pydantic import BaseModel

REBUILD = "model_rebuild"
"""How pydantic calls what builds a model, on demand too."""

NAMES = "_types_namespace"
"""How it calls the names that the types in a model are looked up by."""

log = structlog.get_logger(__name__)


def install() -> None:
    """Import aiogram, without building its models; nothing else may have imported it before.

    By itself it builds all of its 440 at once, which takes two seconds and 100 MB. A version that
    cannot be kept from that is imported the way it wants.
    """
    if "aiogram" in sys.modules:
        return
    try:
        _import_unbuilt()
        _build_what_is_always_used()
    except Exception:  # who knows what another version of either will change
        log.warning("models.built_at_once", exc_info=True)
        _forget_aiogram()


def _import_unbuilt() -> None:
    with _nothing_built() as names:
        from aiogram.client.context_controller import BotContextController  # noqa: PLC0415 - now
        from aiogram.methods import Response  # noqa: PLC0415 - the same

    _build_on_demand((BotContextController, Response), names)


@contextmanager
def _nothing_built() -> Iterator[dict[str, object]]:
    """Keep the models that are defined meanwhile from being built; gives the names they need."""
    names: dict[str, object] = {}

    def postpone(_model: type[BaseModel], /, **how: dict[str, object]) -> None:
        names.update(how[NAMES])

    rebuild, config = vars(BaseModel)[REBUILD], BaseModel.model_config
    setattr(BaseModel, REBUILD, classmethod(postpone))
    BaseModel.model_config = {**config, "defer_build": True}
    try:
        yield names
    finally:
        setattr(BaseModel, REBUILD, rebuild)
        BaseModel.model_config = config


def _build_on_demand(ancestors: Iterable[type[BaseModel]], names: dict[str, object]) -> None:
    """Have their descendants built with these names, which are not to be found in their modules.

    Models are used in threads too, where pydantic alone would build one twice, at odds.
    """
    lock, build = RLock(), vars(BaseModel)[REBUILD].__func__

    def rebuild(model: type[BaseModel], /, **how: object) -> bool | None:
        with lock:
            is_built: bool | None = build(model, **{NAMES: names, **how})
            return is_built

    for ancestor in ancestors:
        setattr(ancestor, REBUILD, classmethod(rebuild))


def _build_what_is_always_used() -> None:
    """Spare the first updates the wait, and find out whether all this works."""
    from aiogram.methods import Response, SendMessage  # noqa: PLC0415 - not before it is unbuilt
    from aiogram.types import Message, Update  # noqa: PLC0415 - the same

    # In this order, as a model makes use of those that are there, and else of copies.
    Message.model_rebuild()
    Update.model_validate({"update_id": 1})
    SendMessage(chat_id=1, text="x").model_dump()
    Response[Message].model_validate({"ok": True})


def _forget_aiogram() -> None:
    for name in [name for name in sys.modules if name.partition(".")[0] == "aiogram"]:
        del sys.modules[name]
