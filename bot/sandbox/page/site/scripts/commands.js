/** The menu of commands that opens above the field, to be used with keys or a pointer. */

import { element } from "./dom.js";

export class CommandMenu {
  #field;
  #session;
  #send;
  #list = document.querySelector("#commands");
  #index = 0;

  /**
   * @param {HTMLTextAreaElement} field
   * @param {(command: string) => void} send sends a command at once
   */
  constructor(field, session, send) {
    this.#field = field;
    this.#session = session;
    this.#send = send;
    field.addEventListener("input", () => this.#show());
    field.addEventListener("blur", () => this.close());
    document.querySelector("#menu").addEventListener("click", () => this.#open());
  }

  /** Act on a key while the menu is open, and say whether it was for the menu. */
  handles(event) {
    if (this.#list.hidden || event.isComposing) {
      return false;
    }
    const steps = { ArrowDown: 1, ArrowUp: -1 };
    if (event.key in steps) {
      this.#mark(this.#index + steps[event.key]);
    } else if (event.key === "Enter" && !event.shiftKey) {
      this.#choose();
    } else if (event.key === "Tab" && !event.shiftKey) {
      this.#complete();
    } else if (event.key === "Escape") {
      this.close();
    } else {
      return this.#leave(event);
    }
    event.preventDefault();
    return true;
  }

  close() {
    this.#list.hidden = true;
    this.#list.replaceChildren();
    this.#field.removeAttribute("aria-activedescendant");
  }

  /** Going back must not end in the list, which vanishes with the focus of the field. */
  #leave(event) {
    if (event.key === "Tab") {
      this.close();
    }
    return false;
  }

  #open() {
    this.#field.value = "/";
    this.#field.focus();
    this.#show();
  }

  #show() {
    const typed = this.#field.value;
    const menu = this.#session.chat?.menu ?? [];
    const isBegun = /^\/\w*$/.test(typed);
    const fitting = menu.filter(({ command }) => isBegun && `/${command}`.startsWith(typed));
    this.#list.replaceChildren(...fitting.map((line, index) => this.#option(line, index)));
    this.#list.hidden = fitting.length === 0;
    if (fitting.length > 0) {
      this.#mark(0);
    } else {
      this.close();
    }
  }

  #option({ command, description }, index) {
    const choose = (event) => {
      event.preventDefault();
      this.#mark(index);
      this.#choose();
    };
    const option = element(
      "li",
      { role: "option", id: `command-${command}`, on: { pointerdown: choose } },
      element("strong", {}, `/${command}`),
      element("span", {}, description),
    );
    option.dataset.command = `/${command}`;
    return option;
  }

  #mark(index) {
    const options = [...this.#list.children];
    this.#index = (index + options.length) % options.length;
    for (const [at, option] of options.entries()) {
      option.setAttribute("aria-selected", String(at === this.#index));
    }
    const marked = options[this.#index];
    marked.scrollIntoView({ block: "nearest" });
    this.#field.setAttribute("aria-activedescendant", marked.id);
  }

  #choose() {
    const { command } = this.#list.children[this.#index].dataset;
    this.#field.value = "";
    this.close();
    this.#send(command);
  }

  #complete() {
    this.#field.value = `${this.#list.children[this.#index].dataset.command} `;
    this.close();
  }
}
