"""A bot of few words, in place of the real one: it repeats, asks, offers buttons, and can die."""

import itertools
import json
import os
import sys
import time
from urllib.error import HTTPError
from urllib.request import Request, urlopen

ROOT = f"{os.environ['TELEGRAM_API_URL']}/bot{os.environ['BOT_TOKEN']}"
BUTTON = {"inline_keyboard": [[{"text": "Push me", "callback_data": "push"}]]}
LINK = {"inline_keyboard": [[{"text": "Read on", "url": "https://example.org/on"}]]}
NOTHING: dict[str, object] = {"inline_keyboard": []}
MARKUPS = {"button": BUTTON, "link": LINK}
BOLD = {"type": "bold", "offset": 0, "length": 4}


def call(method: str, **parameters: object) -> object:
    headers = {"Content-Type": "application/json"}
    request = Request(f"{ROOT}/{method}", json.dumps(parameters).encode(), headers)  # noqa: S310 - loopback
    try:
        with urlopen(request) as response:  # noqa: S310 - loopback
            return json.load(response)["result"]
    except HTTPError as refusal:
        time.sleep(json.load(refusal)["parameters"]["retry_after"])
        return call(method, **parameters)


def repeat(chat_id: int, text: str, language: str) -> None:
    if text == "die":
        sys.exit("I was told to.")
    if text == "who are you?":
        call("sendMessage", chat_id=chat_id, text=f"{os.getpid()} {language}")
        return
    if text == "ask me":
        call("sendMessage", chat_id=chat_id, text="Who?", reply_markup={"force_reply": True})
        return
    where = {"chat_id": chat_id, "entities": [BOLD]}
    sent = call("sendMessage", text="Echo …", reply_markup=BUTTON, **where)
    assert isinstance(sent, dict)

    markup = next((found for word, found in MARKUPS.items() if word in text), NOTHING)
    place = {"message_id": sent["message_id"], "reply_markup": markup, **where}
    call("editMessageText", text=f"Echo {text}", **place)


def main() -> None:
    offset = 0
    for _ in itertools.count():
        updates = call("getUpdates", offset=offset, timeout=10)
        assert isinstance(updates, list)
        for update in updates:
            offset = update["update_id"] + 1
            if (message := update.get("message")) and "text" in message:
                asked = message.get("reply_to_message")
                said = f"{asked['text']} {message['text']}" if asked else message["text"]
                repeat(message["chat"]["id"], said, message["from"]["language_code"])
            if query := update.get("callback_query"):
                ouch = f"Ouch! {query['message']['text']}"
                call("answerCallbackQuery", callback_query_id=query["id"], text=ouch)


if __name__ == "__main__":
    main()
