/** What a newcomer may say first, to be said by pressing it. */

import { act } from "./actions.js";
import { element } from "./dom.js";
import { hasWord, word } from "./words.js";

export function watchSuggestions(store, session) {
  const place = document.querySelector("#suggestions");
  const show = () => {
    const chat = session.chat;
    const kind = !chat || hasSpoken(store, chat) ? "" : chat.isPrivate ? "private" : "group";
    if (place.dataset.kind === kind) {
      return;
    }
    place.dataset.kind = kind;
    place.hidden = kind === "";
    place.replaceChildren(...texts(kind).map((text) => chip(text, session)));
  };
  session.addEventListener("chat", show);
  store.watch("message/", show);
}

function hasSpoken(store, chat) {
  return store.under(`message/${chat.id}/`).some(([, one]) => one.isMine && !one.event);
}

function texts(kind) {
  const keys = [1, 2, 3, 4].map((number) => `try_${kind}_${number}`);
  return keys.filter(hasWord).map((key) => word(key));
}

function chip(text, session) {
  const say = () => act({ do: "say", person: session.person, chat: session.chat.id, text });
  return element("button", { type: "button", className: "chip", on: { click: say } }, text);
}
