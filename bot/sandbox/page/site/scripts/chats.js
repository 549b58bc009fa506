/** The list of chats, and the head of the one that is open. */

import { avatar, element } from "./dom.js";
import { eventText } from "./message.js";
import { hasWord, word } from "./words.js";

export function watchChats(store, session) {
  const list = document.querySelector("#chats ul");
  const head = document.querySelector("#chat-head");
  const show = () => {
    showList(list, store, session);
    showHead(head, session.chat);
  };
  session.addEventListener("person", () => list.replaceChildren());
  session.addEventListener("chat", show);
  store.watch("message/", () => showList(list, store, session));
}

/** The name under which a person knows a chat. */
export function titleOf(chat) {
  return chat.title ?? word("bot_name");
}

function showList(list, store, session) {
  const rows = new Map([...list.children].map((row) => [row.dataset.chat, row]));
  for (const chat of session.chats) {
    const row = rows.get(String(chat.id)) ?? newRow(list, chat, session);
    rows.delete(String(chat.id));
    fill(row, chat, store, session);
  }
  for (const row of rows.values()) {
    row.remove();
  }
}

function newRow(list, chat, session) {
  const button = element(
    "button",
    { type: "button", "aria-label": titleOf(chat), on: { click: () => session.open(chat) } },
    avatar(titleOf(chat), chat.isPrivate ? "robot" : "group"),
    element("span", {}, element("strong", {}, titleOf(chat)), element("small")),
  );
  const row = element("li", {}, button);
  row.dataset.chat = chat.id;
  list.append(row);
  return row;
}

function fill(row, chat, store, session) {
  const button = row.querySelector("button");
  const isOpen = session.chat.id === chat.id;
  button.setAttribute("aria-current", String(isOpen));

  const last = store.under(`message/${chat.id}/`).at(-1)?.[1];
  row.querySelector("small").textContent = chat.action ? hint(chat) : snippet(last);
}

function showHead(head, chat) {
  if (!chat) {
    return;
  }
  const picture = head.querySelector(".avatar");
  picture.className = `avatar ${chat.isPrivate ? "robot" : "group"}`;
  picture.textContent = titleOf(chat).slice(0, 1);
  setText(head.querySelector("h2"), titleOf(chat));
  setText(head.querySelector("p"), chat.action ? hint(chat) : about(chat));
  head.classList.toggle("busy", Boolean(chat.action));
}

function about(chat) {
  return chat.isPrivate ? word("private") : word("members", { names: chat.members.join(", ") });
}

function hint(chat) {
  const key = `action_${chat.action}`;
  return word(hasWord(key) ? key : "action_typing");
}

function snippet(message) {
  if (!message) {
    return word("no_messages");
  }
  if (message.event) {
    return eventText(message);
  }
  return message.text || word(message.media?.kind ?? "message");
}

/** Change a text only if it differs: screen readers speak of what changes. */
function setText(place, text) {
  if (place.textContent !== text) {
    place.textContent = text;
  }
}
