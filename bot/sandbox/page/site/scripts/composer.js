/** The field where the person writes. */

import { act } from "./actions.js";
import { CommandMenu } from "./commands.js";

export function watchComposer(store, session) {
  const form = document.querySelector("#composer");
  const field = document.querySelector("#message");
  const send = (text) => say(session, text);
  const menu = new CommandMenu(field, session, send);

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const text = field.value.trim();
    if (text !== "") {
      field.value = "";
      menu.close();
      send(text);
    }
    field.focus();
  });
  field.addEventListener("keydown", (event) => {
    if (menu.handles(event)) {
      return;
    }
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      form.requestSubmit();
    }
    if (event.key === "Escape") {
      session.answer(null);
    }
  });
  watchReply(session, field);
  session.addEventListener("open", () => field.focus({ preventScroll: true }));
}

function say(session, text) {
  const { person, chat, reply } = session;
  session.answer(null);
  return act({ do: "say", person, chat: chat.id, text, reply_to: reply?.id ?? null });
}

function watchReply(session, field) {
  const banner = document.querySelector("#replying");
  banner.querySelector("button").addEventListener("click", () => {
    session.answer(null);
    field.focus();
  });
  session.addEventListener("reply", () => {
    const reply = session.reply;
    banner.hidden = reply === null;
    banner.querySelector("strong").textContent = reply?.name ?? "";
    banner.querySelector("p").textContent = reply?.text ?? "";
    if (reply) {
      field.focus();
    }
  });
}
