/** The state of the bot, and the buttons that end and start it. */

import { act } from "./actions.js";
import { word } from "./words.js";

export function watchBot(store) {
  const place = document.querySelector("#bot");
  const state = document.querySelector("#bot-state");
  const grave = document.querySelector("#last-words");
  const show = (name, lastWords) => {
    place.dataset.state = name;
    state.textContent = word(`bot_${name}`);
    grave.hidden = lastWords === "";
    grave.querySelector("pre").textContent = lastWords;
  };
  store.watch("bot", () => {
    const bot = store.get("bot");
    show(bot.state, bot.lastWords);
  });
  document.querySelector("#kill").addEventListener("click", () => act({ do: "kill" }));
  document.querySelector("#restart").addEventListener("click", () => {
    show("starting", "");
    act({ do: "restart" });
  });
}
