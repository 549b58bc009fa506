/** The stream that keeps the store as the demo wants it. */

import { word } from "./words.js";

const AGAIN_MILLISECONDS = 1500;

export class Stream {
  #store;
  #source = null;
  #person = "";
  #lost = document.querySelector("#lost");

  constructor(store) {
    this.#store = store;
    // A browser has few connections to a server, and every window keeps one.
    document.addEventListener("visibilitychange", () =>
      document.hidden ? this.#source?.close() : this.follow(this.#person),
    );
  }

  /** Show what this person sees from now on. */
  follow(person) {
    this.#source?.close();
    this.#person = person;
    const source = new EventSource(`/scene/${encodeURIComponent(person)}`);
    source.addEventListener("open", () => this.#note(false));
    source.addEventListener("message", ({ data }) => this.#store.apply(JSON.parse(data)));
    source.addEventListener("error", () => this.#mend(source));
    this.#source = source;
  }

  #mend(source) {
    this.#note(true);
    // A browser gives up when a demo that was started anew does not know it.
    if (source.readyState === EventSource.CLOSED) {
      setTimeout(() => location.reload(), AGAIN_MILLISECONDS);
    }
  }

  #note(isLost) {
    this.#lost.hidden = !isLost;
    this.#lost.textContent = isLost ? word("lost") : "";
  }
}
