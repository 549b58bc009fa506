/** What the person does, told to the demo. */

import { toast } from "./notices.js";
import { word } from "./words.js";

/**
 * Have something done, and return what the demo says about the outcome; null when it failed.
 * @param {{do: string}} action
 * @returns {Promise<any>}
 */
export async function act(action) {
  try {
    const response = await fetch("/actions", {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(action),
    });
    const outcome = await response.json();
    if (response.ok) {
      return outcome;
    }
    toast(word("failed", { problem: outcome.problem }));
  } catch {
    toast(word("lost"));
  }
  return null;
}
