from hypothesis import given
from hypothesis import strategies as st

from bot.sandbox.elumenta import ElumentaServer, Request
from bot.sandbox.page.calls import MAX_CALLS, MAX_STRING_LENGTH, CallLog, shorten
from bot.sandbox.telegram import TelegramServer

json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=10),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
)


@given(json_values)
def test_what_is_short_is_shown_as_it_was(value: object) -> None:
    assert shorten(value) == value


def test_a_long_text_is_cut_wherever_it_is() -> None:
    cut = shorten({"messages": [{"content": "x" * 1000}]})

    assert cut == {"messages": [{"content": "x" * MAX_STRING_LENGTH + "…"}]}


def test_a_call_shows_its_status_when_it_has_one() -> None:
    elumenta = ElumentaServer()
    log = CallLog(TelegramServer(), elumenta)
    elumenta.requests.append(a_request())
    before = log.newest()["elumenta-0"]["status"]

    elumenta.requests[0].status = 402

    after = log.newest()["elumenta-0"]
    assert before == ""
    assert after["status"] == "402 Payment Required"
    assert after["isRefused"] is True


def test_the_address_of_a_file_is_not_shown() -> None:
    elumenta = ElumentaServer()
    elumenta.downloads.append(a_request(path="/files/secret/7.png"))

    shown = CallLog(TelegramServer(), elumenta).newest()

    assert shown["download-0"]["method"] == "GET /files/…/7.png"


def test_only_the_newest_calls_are_listed() -> None:
    elumenta = ElumentaServer()
    elumenta.requests += [a_request(at=float(number)) for number in range(MAX_CALLS + 5)]

    shown = CallLog(TelegramServer(), elumenta).newest()

    assert len(shown) == MAX_CALLS
    assert next(iter(shown)) == "elumenta-5"


def a_request(*, path: str = "/api/v2/balance", at: float = 0) -> Request:
    return Request(at=at, method="GET", path=path, headers={}, body=None)
