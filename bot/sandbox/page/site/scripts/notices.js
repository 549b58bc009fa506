/** What pops up for a moment, or until it is closed. */

import { element } from "./dom.js";

const SHOWN_MILLISECONDS = 4000;

const toasts = document.querySelector("#toasts");
const dialog = document.querySelector("#alert");
dialog.querySelector("button").addEventListener("click", () => dialog.close());

/** @param {string} text */
export function toast(text) {
  const shown = element("p", {}, text);
  toasts.append(shown);
  setTimeout(() => shown.remove(), SHOWN_MILLISECONDS);
}

/** @param {string} text */
export function alertPerson(text) {
  dialog.querySelector("p").textContent = text;
  dialog.showModal();
}
