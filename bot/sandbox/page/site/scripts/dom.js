/** Builds elements; texts are only ever texts. */

const SVG = "http://www.w3.org/2000/svg";

/**
 * @param {string} name
 * @param {Record<string, any>} properties properties, or attributes where the name has a dash;
 *   `on` holds listeners by event, and nothing is set that is null
 * @param {...(Node | string | null)} children
 */
export function element(name, { on = {}, ...properties } = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(properties)) {
    if (value === null) {
      continue;
    }
    if (key.includes("-") || key === "role") {
      made.setAttribute(key, value);
    } else {
      made[key] = value;
    }
  }
  for (const [event, listener] of Object.entries(on)) {
    made.addEventListener(event, listener);
  }
  made.append(...children.filter((child) => child !== null));
  return made;
}

/** @param {string} name one of the symbols in icons.svg */
export function icon(name) {
  const drawing = document.createElementNS(SVG, "svg");
  drawing.setAttribute("aria-hidden", "true");
  const use = document.createElementNS(SVG, "use");
  use.setAttribute("href", `/site/icons.svg#${name}`);
  drawing.append(use);
  return drawing;
}

/** A round picture with the first letter of a name. */
export function avatar(title, kind) {
  return element("span", { className: `avatar ${kind}`, "aria-hidden": "true" }, title.slice(0, 1));
}
