/** The stream that keeps the store as the demo wants it. */

import { word } from "./words.js";

const AGAIN_MILLISECONDS = 1500;

export class Stream {
  #store;
  #source = null;
  #lost = document.querySelector("#lost");

  constructor(store) {
    this.#store = store;
  }

  /** Show what this person sees from now on. */
  follow(person) {
    this.#source?.close();
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
