import os
import pty
import re
import select
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.request import urlopen

import pytest

SECONDS = 60
ROOT = Path(__file__).parents[2]
REAL = [sys.executable, "-m", "bot", "demo"]
FAKE = [
    sys.executable,
    "-c",
    "import sys; from bot.sandbox.demo import main; sys.exit(main(sys.argv[1:]))",
    str(Path(__file__).with_name("fake_bot.py")),
]


def environment(language: str = "en_US.UTF-8") -> dict[str, str]:
    return {"PATH": os.environ["PATH"], "LANG": language, "PYTHONUTF8": "1", "TERM": "xterm"}


def piped(
    command: list[str], typed: str, *, language: str = "en_US.UTF-8", **settings: str
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(  # noqa: S603 - our own program
        command,
        input=typed,
        env=environment(language) | settings,
        cwd=ROOT,
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=SECONDS,
        check=False,
    )


class Terminal:
    """A terminal with the demo in it."""

    def __init__(self, process: subprocess.Popen[bytes], keys: int) -> None:
        self.process = process
        self.seen = ""
        self._keys = keys

    def type(self, keys: str) -> None:
        os.write(self._keys, keys.encode())

    def wait_for(self, words: str) -> None:
        """Read on until these words come, formatting left out."""
        begun = len(self.seen)
        ends_at = time.monotonic() + SECONDS
        while words not in re.sub(r"\x1b\[[\d;?]*[a-zA-Z]", "", self.seen[begun:]):
            assert time.monotonic() < ends_at, f"no {words!r} in {self.seen!r}"
            if select.select([self._keys], [], [], 0.2)[0]:
                self.seen += os.read(self._keys, 65_536).decode(errors="replace")


@contextmanager
def terminal(command: list[str], **settings: str) -> Iterator[Terminal]:
    keys, screen = pty.openpty()
    process = subprocess.Popen(  # noqa: S603 - our own program
        command,
        stdin=screen,
        stdout=screen,
        stderr=screen,
        env=environment() | {"COLUMNS": "80", "LINES": "24"} | settings,
        cwd=ROOT,
        start_new_session=True,
    )
    try:
        yield Terminal(process, keys)
    finally:
        process.kill()
        process.wait()
        os.close(keys)
        os.close(screen)


def test_piped_lines_are_answered_one_after_the_other() -> None:
    done = piped(FAKE, "hello\n\nand again\n")

    assert done.returncode == 0, done.stderr
    talk = re.findall(r"^(?:> |Echo ).*", done.stdout, re.MULTILINE)
    assert talk == ["> hello", "Echo hello", "> and again", "Echo and again"]
    assert "\x1b" not in done.stdout


def test_quit_ends_a_pipe_early() -> None:
    done = piped(FAKE, "hello\n/quit\nunheard\n")

    assert done.returncode == 0, done.stderr
    assert "Echo hello" in done.stdout
    assert "unheard" not in done.stdout


def test_nothing_typed_is_no_failure() -> None:
    done = piped(FAKE, "")

    assert done.returncode == 0, done.stderr
    assert "/quit" in done.stdout


def test_buttons_are_pressed_by_number() -> None:
    done = piped(FAKE, "a button\n!1\n!7\n")

    assert done.returncode == 0, done.stderr
    assert "[1] Push me" in done.stdout
    assert "Ouch!" in done.stdout
    assert "no such button" in done.stdout


def test_a_number_means_the_button_that_was_shown_with_it_last() -> None:
    done = piped(FAKE, "first button\nsecond button\n!1\n")

    assert done.returncode == 0, done.stderr
    assert "Ouch! Echo second button" in done.stdout


def test_a_button_that_opens_an_address_shows_it() -> None:
    done = piped(FAKE, "a link\n!1\n")

    assert done.returncode == 0, done.stderr
    assert "\n[Read on] https://example.org/on\n" in done.stdout
    assert "no such button" in done.stdout


def test_what_the_bot_asks_for_is_a_reply_unless_it_is_a_command() -> None:
    done = piped(FAKE, "ask me\nAnn\nask me\n/start\nBen\n")

    assert done.returncode == 0, done.stderr
    echoes = re.findall(r"^Echo .*", done.stdout, re.MULTILINE)
    assert echoes == ["Echo Who? Ann", "Echo /start", "Echo Ben"]


def test_the_demo_speaks_the_language_of_the_terminal() -> None:
    done = piped(FAKE, "привет\n", language="ru_RU.UTF-8")

    assert done.returncode == 0, done.stderr
    assert "Запускаю" in done.stdout
    assert "Echo привет" in done.stdout


def test_a_bot_that_dies_is_reported_with_its_last_words() -> None:
    done = piped(FAKE, "die\nhello\n")

    assert done.returncode == 1
    assert "I was told to." in done.stderr


def test_a_bot_that_cannot_start_is_reported() -> None:
    done = piped([*FAKE[:-1], "-c", "raise SystemExit('No legs.')"], "hello\n")

    assert done.returncode == 1
    assert "No legs." in done.stderr


def test_a_terminal_shows_the_answer_with_its_formatting() -> None:
    with terminal(FAKE) as demo:
        demo.wait_for("Ctrl-D")
        demo.type("hello\r")
        demo.wait_for("Echo hello")
        demo.type("a button\r")
        demo.wait_for("[1] Push me")
        demo.type("!1\r")
        demo.wait_for("Ouch!")
        demo.type("/quit\r")

        status = demo.process.wait(SECONDS)

    assert status == 0
    assert "\x1b[1mEcho\x1b[0m" in demo.seen


def test_the_end_of_input_ends_the_demo() -> None:
    with terminal(FAKE) as demo:
        demo.wait_for("Ctrl-D")
        demo.type("hello\r")
        demo.wait_for("Echo hello")
        demo.type("\x04")

        assert demo.process.wait(SECONDS) == 0


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_ends_the_demo_and_its_bot(number: signal.Signals, tmp_path: Path) -> None:
    with terminal(FAKE, TMPDIR=str(tmp_path)) as demo:
        demo.wait_for("Ctrl-D")
        demo.type("half a li")
        demo.process.send_signal(number)

        status = demo.process.wait(SECONDS)

    assert status == 0
    assert list(tmp_path.iterdir()) == []


def test_the_real_bot_remembers() -> None:
    done = piped(REAL, "my name is Ann\nwhat did I say?\n", BOT_TOKEN="wrong", STREAMING="off")

    assert done.returncode == 0, done.stderr
    assert "before that “my name is Ann”" in done.stdout


def test_the_real_bot_makes_pictures_and_videos() -> None:
    done = piped(REAL, "/image a fox\n/video a red kite\n!1\n")

    assert done.returncode == 0, done.stderr
    shown = re.findall(r"^(?:> .*|\[(?:\d|picture|video).*)", done.stdout, re.MULTILINE)
    told = [re.sub(r"[\d.]+ KB\] http://.*/", "", line) for line in shown]
    assert told == [
        "> /image a fox",
        "[picture 1024×1024, flux-1.1-pro-1.png",
        "[1] 🔁 Again",
        "[2] 📄 Send as file",
        "> /video a red kite",
        "[1] ✅ Go ahead",
        "[2] ✖️ Drop it",
        "[video 320×180, 5 s, kling-v2.1-2.mp4",
        "[1] 🔁 Again",
    ]


def test_a_result_can_be_opened_while_the_demo_runs() -> None:
    with terminal(REAL, COLUMNS="120") as demo:
        demo.wait_for("Ctrl-D")
        demo.type("/image\r")
        demo.wait_for("What should the picture show?")
        demo.type("a fox\r")
        demo.wait_for("[1] 🔁 Again")

        address = re.findall(r"http://127\.0\.0\.1:[\w./-]+", demo.seen)[-1]
        with urlopen(address, timeout=SECONDS) as picture:  # noqa: S310 - loopback
            start = picture.read(8)

    assert start == b"\x89PNG\r\n\x1a\n"
