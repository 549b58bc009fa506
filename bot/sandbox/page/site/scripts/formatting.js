/** Texts with their formatting, as elements. Offsets count UTF-16 units, as strings here do. */

import { element } from "./dom.js";
import { word } from "./words.js";

const TAGS = {
  bold: "strong",
  italic: "em",
  underline: "u",
  strikethrough: "s",
  code: "code",
  blockquote: "blockquote",
};
const BLOCKS = new Set(["pre", "blockquote", "expandable_blockquote"]);
const SCHEMES = new Set(["http:", "https:", "tg:", "mailto:", "tel:"]);
const LONG_QUOTE = 200;

/**
 * @typedef {{type: string, offset: number, length: number, url?: string, language?: string}} Entity
 */

/**
 * Write a formatted text; *onCommand* is called with a command that is pressed in it.
 * @param {string} text
 * @param {Entity[]} entities
 * @param {(command: string) => void} onCommand
 * @returns {Node[]}
 */
export function formatted(text, entities, onCommand) {
  const outermostFirst = [...entities].sort(
    (one, other) => one.offset - other.offset || other.length - one.length,
  );
  return write({ text, onCommand }, outermostFirst, 0, text.length);
}

function write(whole, entities, start, end) {
  const nodes = [];
  const rest = [...entities];
  let at = start;
  while (rest.length > 0) {
    const entity = rest.shift();
    const last = entity.offset + entity.length;
    const inner = [];
    while (rest.length > 0 && rest[0].offset < last) {
      inner.push(rest.shift());
    }
    nodes.push(plain(whole.text.slice(at, entity.offset), nodes, entity));
    nodes.push(styled(whole, entity, write(whole, inner, entity.offset, last)));
    at = last;
  }
  nodes.push(plain(whole.text.slice(at, end), nodes, null));
  return nodes.filter((node) => node.textContent !== "" || node.nodeType === Node.ELEMENT_NODE);
}

/** A block stands in lines of its own: the breaks around it would be empty lines. */
function plain(text, before, next) {
  const afterBlock = before.length > 0 && before.at(-1).isBlock;
  const trimmed = afterBlock ? text.replace(/^\n/, "") : text;
  const shown = next && BLOCKS.has(next.type) ? trimmed.replace(/\n$/, "") : trimmed;
  return document.createTextNode(shown);
}

function styled(whole, entity, children) {
  const covered = whole.text.slice(entity.offset, entity.offset + entity.length);
  const made = build(whole, entity, covered, children);
  made.isBlock = BLOCKS.has(entity.type);
  return made;
}

function build(whole, entity, covered, children) {
  switch (entity.type) {
    case "pre":
      return codeBlock(entity, children);
    case "expandable_blockquote":
      return expandable(covered, children);
    case "spoiler":
      return spoiler(children);
    case "text_link":
      return link(entity.url, children);
    case "url":
      return link(/^[a-z]+:/i.test(covered) ? covered : `https://${covered}`, children);
    case "email":
      return link(`mailto:${covered}`, children);
    case "bot_command": {
      const looks = { type: "button", className: "command" };
      const click = () => whole.onCommand(covered);
      return element("button", { ...looks, on: { click } }, ...children);
    }
    default:
      return element(TAGS[entity.type] ?? "span", { className: entity.type }, ...children);
  }
}

function codeBlock(entity, children) {
  const block = element("pre", { tabIndex: 0 }, element("code", {}, ...children));
  if (entity.language) {
    block.dataset.language = entity.language;
  }
  return block;
}

function expandable(covered, children) {
  const quote = element("blockquote", {}, ...children);
  if (covered.length < LONG_QUOTE) {
    return quote;
  }

  quote.classList.add("folded");
  const more = element("button", { type: "button", className: "more" }, word("show_more"));
  more.addEventListener("click", () => {
    quote.classList.remove("folded");
    more.remove();
  });
  return element("div", {}, quote, more);
}

function spoiler(children) {
  const looks = { className: "spoiler hidden", role: "button", tabIndex: 0 };
  const hidden = element("span", { ...looks, "aria-label": word("hidden") }, ...children);
  const show = (event) => {
    if (event.type === "keydown" && event.key !== "Enter" && event.key !== " ") {
      return;
    }
    event.preventDefault();
    hidden.classList.remove("hidden");
    for (const name of ["role", "tabindex", "aria-label"]) {
      hidden.removeAttribute(name);
    }
  };
  hidden.addEventListener("click", show, { once: true });
  hidden.addEventListener("keydown", show);
  return hidden;
}

function link(address, children) {
  if (!URL.canParse(address) || !SCHEMES.has(new URL(address).protocol)) {
    return element("span", {}, ...children);
  }
  return element("a", { href: address, target: "_blank", rel: "noreferrer noopener" }, ...children);
}
