import logging
from collections.abc import Iterator

import pytest
import structlog

from bot.log import QUIET, configure_logging


@pytest.fixture(autouse=True)
def loggers() -> Iterator[None]:
    """Leave the loggers of all other tests as they were."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    levels = {name: logging.getLogger(name).level for name in QUIET}
    yield
    root.handlers[:] = handlers
    root.setLevel(level)
    for name, before in levels.items():
        logging.getLogger(name).setLevel(before)
    structlog.reset_defaults()


TOKEN = "123456789:" + "a" * 35


@pytest.mark.parametrize("form", ["console", "json"])
def test_no_secret_passes_however_it_is_logged(
    form: str, capsys: pytest.CaptureFixture[str]
) -> None:
    configure_logging(level="DEBUG", form="json" if form == "json" else "console")

    structlog.get_logger("ours").info("thing.done", address=f"https://host/bot{TOKEN}/getMe")
    logging.getLogger("theirs").warning("header %s", "Bearer nb_live_secretsecret")
    try:
        int(TOKEN)
    except ValueError:
        structlog.get_logger("ours").exception("thing.failed")

    written = capsys.readouterr().err
    assert "thing.done" in written
    assert "header" in written
    assert "ValueError" in written
    assert TOKEN not in written
    assert "secretsecret" not in written
