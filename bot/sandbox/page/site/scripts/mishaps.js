/** The switches that make things go wrong. */

import { act } from "./actions.js";
import { element } from "./dom.js";
import { word } from "./words.js";

const MISHAPS = ["slow_api", "flood_control", "api_down", "telegram_down"];

export function watchMishaps(store) {
  const place = document.querySelector("#mishaps");
  const switches = MISHAPS.map((mishap) => newSwitch(mishap, place));
  store.watch("mishaps", () => {
    const states = store.get("mishaps");
    for (const box of switches) {
      box.checked = states[box.value];
    }
  });
}

function newSwitch(mishap, place) {
  const about = `${mishap}-about`;
  const looks = { type: "checkbox", className: "switch", "aria-describedby": about };
  const box = element("input", { ...looks, id: mishap, value: mishap });
  box.addEventListener("change", () => act({ do: "turn", mishap, on: box.checked }));
  const label = element("label", { htmlFor: mishap }, word(mishap));
  const effect = element("p", { id: about }, word(`${mishap}_about`));
  place.append(element("div", { className: "mishap" }, box, label, effect));
  return box;
}
