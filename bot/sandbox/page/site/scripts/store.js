/** A copy of what the demo shows: views by key, such as `message/5/17`. */

export class Store {
  /** @type {Map<string, any>} */
  #views = new Map();
  /** @type {[string, (keys: string[]) => void][]} */
  #watchers = [];

  /** @param {string} key */
  get(key) {
    return this.#views.get(key);
  }

  /** List the views whose keys begin like this, with their keys. */
  under(prefix) {
    return [...this.#views].filter(([key]) => key.startsWith(prefix));
  }

  /** Call back with the keys that changed, appeared or vanished, of those that begin like this. */
  watch(prefix, callback) {
    this.#watchers.push([prefix, callback]);
  }

  /**
   * Take over what changed; a reset says everything, so that all else is gone.
   * @param {{reset?: boolean, put?: Record<string, any>, drop?: string[]}} patch
   */
  apply({ reset = false, put = {}, drop = [] }) {
    const gone = reset ? [...this.#views.keys()].filter((key) => !(key in put)) : drop;
    for (const key of gone) {
      this.#views.delete(key);
    }
    for (const [key, view] of Object.entries(put)) {
      this.#views.set(key, view);
    }
    this.#tell([...gone, ...Object.keys(put)]);
  }

  #tell(keys) {
    for (const [prefix, callback] of this.#watchers) {
      const theirs = keys.filter((key) => key.startsWith(prefix));
      if (theirs.length > 0) {
        callback(theirs);
      }
    }
  }
}
