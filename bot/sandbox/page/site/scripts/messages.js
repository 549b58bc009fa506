/** The messages of the open chat, oldest first, with drafts below. */

import { act } from "./actions.js";
import { avatar, element } from "./dom.js";
import { formatted } from "./formatting.js";
import { fillMessage, newMessage, quoteOf } from "./message.js";
import { word } from "./words.js";

const NEAR_PIXELS = 80;

export function watchMessages(store, session) {
  const log = new Log(store, session);
  session.addEventListener("chat", () => log.open());
  session.addEventListener("person", () => log.leave());
  store.watch("message/", (keys) => log.update(keys));
  store.watch("draft/", (keys) => log.update(keys));
}

class Log {
  #store;
  #session;
  #place = document.querySelector("#messages");
  #newest = document.querySelector("#newest");
  #chatId = null;
  /** @type {Map<string, HTMLElement>} */
  #shown = new Map();
  /** Messages that have asked for a reply already. */
  #asked = new Set();
  /** Whether the newest message is to stay in sight. */
  #staysDown = true;
  #lastTop = 0;

  constructor(store, session) {
    this.#store = store;
    this.#session = session;
    this.#newest.addEventListener("click", () => this.#scrollDown());
    this.#place.addEventListener("scroll", () => this.#note());
    // Pictures and videos grow when they are there.
    this.#place.addEventListener("load", () => this.#stay(), true);
    this.#place.addEventListener("loadedmetadata", () => this.#stay(), true);
    new ResizeObserver(() => this.#stay()).observe(this.#place);
  }

  /** Show the open chat, if another one was shown. */
  open() {
    const chat = this.#session.chat;
    if (!chat || chat.id === this.#chatId) {
      return;
    }
    this.leave();
    this.#chatId = chat.id;
    const found = [...this.#store.under("message/"), ...this.#store.under("draft/")];
    this.update(found.map(([key]) => key));
    this.#scrollDown();
  }

  /** Show nothing. */
  leave() {
    this.#chatId = null;
    this.#shown.clear();
    this.#place.replaceChildren();
  }

  /** @param {string[]} keys */
  update(keys) {
    for (const key of keys.filter((one) => this.#isHere(one))) {
      this.#show(key, this.#store.get(key));
    }
    this.#ask();
    this.#stay();
  }

  #show(key, view) {
    const before = this.#shown.get(key);
    if (!view) {
      before?.remove();
      this.#shown.delete(key);
      return;
    }
    const isDraft = key.startsWith("draft/");
    const shown = before ?? (isDraft ? newDraft : newMessage)(view, this.#session);
    if (!before) {
      this.#shown.set(key, shown);
      this.#insert(shown, isDraft ? Infinity : view.id);
    }
    if (isDraft) {
      fillDraft(shown, view);
    } else if (!view.event) {
      fillMessage(shown, view, this.#session);
    }
  }

  #insert(shown, order) {
    shown.order = order;
    const later = [...this.#place.children].find((other) => other.order > order);
    this.#place.insertBefore(shown, later ?? null);
  }

  /** Begin the reply that the newest message asks for, once. */
  #ask() {
    const newest = this.#store.under(`message/${this.#chatId}/`).at(-1);
    if (!newest || !newest[1].asksMe || this.#asked.has(newest[0])) {
      return;
    }
    this.#asked.add(newest[0]);
    this.#session.answer(quoteOf(newest[1]));
  }

  #isHere(key) {
    return key.split("/")[1] === String(this.#chatId);
  }

  get #isDown() {
    const { scrollHeight, scrollTop, clientHeight } = this.#place;
    return scrollHeight - scrollTop - clientHeight < NEAR_PIXELS;
  }

  /** Only going up ends it: what grows below moves nobody, and may not be there in full yet. */
  #note() {
    const { scrollTop } = this.#place;
    this.#staysDown = this.#isDown || (this.#staysDown && scrollTop >= this.#lastTop);
    this.#lastTop = scrollTop;
    this.#newest.hidden = this.#staysDown;
  }

  #stay() {
    if (this.#staysDown) {
      this.#scrollDown();
    }
  }

  #scrollDown() {
    this.#place.scrollTop = this.#place.scrollHeight;
    this.#note();
  }
}

function newDraft(view, session) {
  const name = word("bot_name");
  const { chat, id: draft } = view;
  const stop = () => act({ do: "stop_draft", person: session.person, chat, draft });
  const button = element("button", { type: "button", on: { click: stop } }, word("stop"));
  return element(
    "article",
    { className: "robot draft", "aria-label": `${name} ${word("writing")}` },
    avatar(name, "robot"),
    element("div", { className: "bubble" }, element("div", { className: "text", dir: "auto" })),
    view.canStop ? element("div", { className: "buttons" }, element("div", {}, button)) : null,
  );
}

function fillDraft(article, view) {
  const text = view.text || "…";
  article.querySelector(".text").replaceChildren(...formatted(text, view.entities, () => {}));
}
