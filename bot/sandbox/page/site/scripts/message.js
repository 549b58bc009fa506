/** One message: built once, then changed part by part, so that a video plays on through an edit. */

import { act } from "./actions.js";
import { avatar, element, icon } from "./dom.js";
import { formatted } from "./formatting.js";
import { alertPerson, toast } from "./notices.js";
import { hasWord, word } from "./words.js";

const KILOBYTE = 1024;
const OF_DAY = { hour: "2-digit", minute: "2-digit", hourCycle: "h23" };

/**
 * @typedef {{kind: string, url: string, name: string, size: number, width?: number, height?: number}} Media
 * @typedef {{id: number, sender: string | null, isMine: boolean, text: string, kind: string}} Quote
 *
 * @typedef {object} Message
 * @property {number} chat
 * @property {number} id
 * @property {string | null} sender nobody means the bot
 * @property {boolean} isMine
 * @property {number} at in seconds
 * @property {string} text
 * @property {any[]} entities
 * @property {Media | null} media
 * @property {string | null} event what happened to the chat, if nobody wrote
 * @property {Quote | null} reply
 * @property {{text: string, url: string | null}[][]} buttons
 * @property {boolean} isEdited
 * @property {boolean} asksMe
 */

/** The name under which a person knows a sender. */
export function nameOf({ sender, isMine }) {
  return isMine ? word("you") : (sender ?? word("bot_name"));
}

/** What happened to the chat, in words. */
export function eventText(view) {
  const key = `event_${view.event}`;
  return word(hasWord(key) ? key : "event_other", { name: nameOf(view) });
}

/** Show a message that is new; `fillMessage` has to follow. */
export function newMessage(view, session) {
  if (view.event) {
    return element("p", { className: "event" }, eventText(view));
  }

  const name = nameOf(view);
  const time = clock(view.at);
  const kind = view.isMine ? "mine" : (view.sender?.toLowerCase() ?? "robot");
  const article = element("article", { className: kind, "aria-label": `${name}, ${time}` });
  article.append(
    avatar(name, kind),
    element(
      "div",
      { className: "bubble" },
      element("strong", { className: "sender" }, name),
      element("div", { className: "quoted" }),
      element("div", { className: "media" }),
      element("div", { className: "text", dir: "auto" }),
      element("footer", {}, element("span", { className: "edited" }), element("time", {}, time)),
    ),
    replyButton(() => session.answer(quoteOf(article.view))),
    element("div", { className: "buttons" }),
  );
  return article;
}

/** Bring an article up to date; what did not change is left alone. */
export function fillMessage(article, view, session) {
  article.view = view;
  const say = (text) => act({ do: "say", person: session.person, chat: view.chat, text });
  const parts = [
    ["quoted", view.reply, () => quoted(view.reply)],
    ["media", view.media, () => media(view.media)],
    ["text", [view.text, view.entities], () => formatted(view.text, view.entities, say)],
    ["edited", view.isEdited, () => (view.isEdited ? [word("edited")] : [])],
    ["buttons", view.buttons, () => view.buttons.map((row) => buttonRow(article, row, session))],
  ];
  for (const [name, now, build] of parts) {
    const place = article.querySelector(`.${name}`);
    const written = JSON.stringify(now);
    if (place && place.written !== written) {
      place.written = written;
      place.replaceChildren(...build());
    }
  }
  article.classList.toggle("asking", view.asksMe);
}

/** What a reply to this message says about it. */
export function quoteOf(view) {
  const text = view.text || (view.media ? word(view.media.kind) : "");
  return { chat: view.chat, id: view.id, name: nameOf(view), text };
}

function replyButton(click) {
  const label = word("reply");
  const looks = { type: "button", className: "reply", title: label, "aria-label": label };
  return element("button", { ...looks, on: { click } }, icon("reply"));
}

function quoted(reply) {
  if (!reply) {
    return [];
  }
  const text = reply.text || (hasWord(reply.kind) ? word(reply.kind) : "");
  return [element("blockquote", {}, element("strong", {}, nameOf(reply)), element("p", {}, text))];
}

function media(file) {
  if (!file) {
    return [];
  }
  const look = { src: file.url, width: file.width, height: file.height };
  if (file.kind === "photo") {
    const picture = element("img", { ...look, alt: word("photo"), decoding: "async" });
    return [element("a", { href: file.url, target: "_blank" }, picture)];
  }
  if (file.kind === "video") {
    const player = { controls: true, preload: "auto", playsInline: true };
    return [element("video", { ...look, ...player, "aria-label": word("video") })];
  }
  const kilobytes = Math.ceil(file.size / KILOBYTE);
  const link = element("a", { href: file.url, download: file.name }, file.name);
  const size = element("small", {}, `${kilobytes} KB`);
  return [element("p", { className: "file" }, icon("file"), link, size)];
}

function buttonRow(article, row, session) {
  return element("div", {}, ...row.map((button) => messageButton(article, button, session)));
}

function messageButton(article, button, session) {
  if (button.url) {
    const way = { href: button.url, target: "_blank", rel: "noreferrer noopener" };
    return element("a", way, button.text, icon("link"));
  }
  const made = element("button", { type: "button" }, button.text);
  made.addEventListener("click", () => press(made, article.view, session));
  return made;
}

/** Press a button once: it waits until the bot answers. */
async function press(button, { chat, id }, session) {
  if (button.ariaBusy === "true") {
    return;
  }
  button.ariaBusy = "true";
  const label = button.textContent;
  const answer = await act({ do: "press", person: session.person, chat, message: id, label });
  button.ariaBusy = "false";
  if (answer?.text) {
    (answer.isAlert ? alertPerson : toast)(answer.text);
  }
}

function clock(seconds) {
  const language = document.documentElement.lang;
  return new Date(seconds * 1000).toLocaleTimeString(language, OF_DAY);
}
