/** The switch that says who you are. */

import { avatar, element } from "./dom.js";
import { word } from "./words.js";

const PEOPLE = [
  { name: "Ada", part: "owner" },
  { name: "Boris", part: "guest" },
];

export function watchPeople(session, stream) {
  const group = document.querySelector("#people");
  for (const { name, part } of PEOPLE) {
    const about = element("small", { id: part }, word(part));
    const choice = element("input", {
      type: "radio",
      name: "person",
      value: name,
      checked: session.person === name,
      "aria-label": name,
      "aria-describedby": part,
      on: { change: () => session.become(name) },
    });
    const picture = avatar(name, name.toLowerCase());
    group.append(element("label", {}, choice, picture, element("span", {}, name, about)));
  }

  session.addEventListener("person", () => stream.follow(session.person));
  stream.follow(session.person);
}
