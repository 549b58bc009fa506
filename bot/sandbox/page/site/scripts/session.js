/** Who looks at which chat, and which message they are about to answer. */

const PERSON = "person";

export class Session extends EventTarget {
  #store;
  /** The chat that each person looked at last. */
  #chats = new Map();
  person = sessionStorage.getItem(PERSON) ?? "Ada";
  /** @type {{chat: number, id: number, name: string, text: string} | null} */
  reply = null;

  constructor(store) {
    super();
    this.#store = store;
    store.watch("chat/", () => this.#tell("chat"));
  }

  /** All that this person may open, the one with the bot first. */
  get chats() {
    const found = this.#store.under("chat/").map(([, chat]) => chat);
    return found.sort((one, other) => other.isPrivate - one.isPrivate);
  }

  /** The chat that is open; the first one until another is chosen. */
  get chat() {
    const chats = this.chats;
    return chats.find((chat) => chat.id === this.#chats.get(this.person)) ?? chats[0];
  }

  /** Be somebody else, in the same chat if they share it. */
  become(person) {
    if (this.chat && !this.chat.isPrivate) {
      this.#chats.set(person, this.chat.id);
    }
    this.person = person;
    sessionStorage.setItem(PERSON, person);
    this.answer(null);
    this.#tell("person");
  }

  /** Look at another chat. */
  open(chat) {
    this.#chats.set(this.person, chat.id);
    this.answer(null);
    this.#tell("chat");
    this.#tell("open");
  }

  /** Begin a reply, or drop it. */
  answer(reply) {
    this.reply = reply;
    this.#tell("reply");
  }

  #tell(what) {
    this.dispatchEvent(new Event(what));
  }
}
