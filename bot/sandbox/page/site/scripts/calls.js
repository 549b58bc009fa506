/** The list of calls between the bot and the servers, the newest last. */

import { element } from "./dom.js";
import { word } from "./words.js";

const PREVIEW_LENGTH = 90;
const NEAR_PIXELS = 40;

export function watchCalls(store) {
  const panel = new Panel(store);
  store.watch("call/", (keys) => panel.update(keys));
}

class Panel {
  #store;
  #list = document.querySelector("#calls ol");
  #filter = document.querySelector("#filter");
  #pause = document.querySelector("#pause");
  /** @type {Map<string, HTMLElement>} */
  #shown = new Map();
  /** Calls up to this moment were cleared away. */
  #since = 0;

  constructor(store) {
    this.#store = store;
    this.#list.dataset.empty = word("no_calls");
    this.#filter.addEventListener("change", () => {
      this.#list.dataset.only = this.#filter.value;
      this.#scrollDown();
    });
    this.#pause.addEventListener("click", () => {
      this.#pause.ariaPressed = String(!this.#isPaused);
      this.update(store.under("call/").map(([key]) => key));
    });
    document.querySelector("#clear").addEventListener("click", () => this.#clear());
  }

  /** @param {string[]} keys */
  update(keys) {
    if (this.#isPaused) {
      return;
    }
    const wasDown = this.#isDown;
    for (const key of keys) {
      this.#show(key, this.#store.get(key));
    }
    if (wasDown) {
      this.#scrollDown();
    }
  }

  #show(key, call) {
    const before = this.#shown.get(key);
    if (!call || call.at <= this.#since) {
      before?.remove();
      this.#shown.delete(key);
      return;
    }
    if (!before) {
      const item = newItem(call);
      this.#shown.set(key, item);
      this.#insert(item, call.at);
    }
    fill(this.#shown.get(key), call);
  }

  #insert(item, at) {
    item.at = at;
    const later = [...this.#list.children].reverse().find((other) => other.at <= at);
    this.#list.insertBefore(item, later ? later.nextSibling : this.#list.firstChild);
  }

  #clear() {
    const times = this.#store.under("call/").map(([, call]) => call.at);
    this.#since = Math.max(this.#since, ...times);
    this.#list.replaceChildren();
    this.#shown.clear();
  }

  get #isPaused() {
    return this.#pause.ariaPressed === "true";
  }

  get #isDown() {
    const { scrollHeight, scrollTop, clientHeight } = this.#list;
    return scrollHeight - scrollTop - clientHeight < NEAR_PIXELS;
  }

  #scrollDown() {
    this.#list.scrollTop = this.#list.scrollHeight;
  }
}

function newItem(call) {
  const pretty = element("pre", { tabIndex: 0 });
  const details = element(
    "details",
    {},
    element(
      "summary",
      {},
      element("time", {}, clock(call.at)),
      element("span", { className: "way" }, word(`to_${call.server}`)),
      element("span", { className: "status" }),
      element("strong", {}, call.method),
      element("code", {}, preview(call.content)),
    ),
    pretty,
  );
  // Written when somebody looks: most calls are never opened.
  details.addEventListener("toggle", () => {
    pretty.textContent = JSON.stringify(call.content, null, 2);
    details.scrollIntoView({ block: "nearest" });
  });
  return element("li", { className: call.server }, details);
}

function fill(item, call) {
  const status = item.querySelector(".status");
  status.textContent = call.status || word("no_answer");
  status.classList.toggle("refused", call.isRefused);
  status.classList.toggle("silent", call.status === "");
}

function preview(content) {
  const written = content === null ? "" : JSON.stringify(content);
  return written.length > PREVIEW_LENGTH ? `${written.slice(0, PREVIEW_LENGTH)}…` : written;
}

function clock(seconds) {
  const at = new Date(seconds * 1000);
  const language = document.documentElement.lang;
  return at.toLocaleTimeString(language, { hourCycle: "h23" });
}
