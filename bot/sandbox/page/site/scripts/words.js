/** What the page says, in the language of the person. */

const LANGUAGES = ["en", "ru"];
const CHOICE = "language";

/** @type {Record<string, string>} */
let words = {};

/** The language that was chosen here before, or else the first of the browser's that we speak. */
export function preferredLanguage() {
  const wanted = [localStorage.getItem(CHOICE), ...navigator.languages];
  const codes = wanted.map((code) => (code ?? "").slice(0, 2).toLowerCase());
  return codes.find((code) => LANGUAGES.includes(code)) ?? LANGUAGES[0];
}

/** Load a language and put its words wherever the page asks for them. */
export async function loadWords(language) {
  words = await (await fetch(`/words/${language}`)).json();
  document.documentElement.lang = language;
  document.title = word("document_title");
  for (const place of document.querySelectorAll("[data-word]")) {
    place.textContent = word(place.dataset.word);
  }
  for (const place of document.querySelectorAll("[data-word-label]")) {
    place.setAttribute("aria-label", word(place.dataset.wordLabel));
  }
  for (const place of document.querySelectorAll("[data-word-placeholder]")) {
    place.placeholder = word(place.dataset.wordPlaceholder);
  }
  watchLanguage(language);
}

/**
 * Say something; `{name}` in it is replaced by the value of that name.
 * @param {string} key
 * @param {Record<string, string>} values
 */
export function word(key, values = {}) {
  return words[key].replaceAll(/\{(\w+)\}/g, (_, name) => values[name]);
}

/** Whether there is something to say under this key. */
export function hasWord(key) {
  return key in words;
}

function watchLanguage(language) {
  const choice = document.querySelector("#language");
  choice.value = language;
  choice.addEventListener("change", () => {
    localStorage.setItem(CHOICE, choice.value);
    location.reload();
  });
}
