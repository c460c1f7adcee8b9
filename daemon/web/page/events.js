// What has happened, newest first.

import { ask } from "./ask.js";
import { byId, element } from "./dom.js";
import { number } from "./rates.js";

const KEPT = 200;
const LOOKS = {
  guest_attached: "good", port_up: "good", link_back: "good", loop_unblocked: "good", vswitch_booted: "good",
  loop_blocked: "bad", link_lost: "bad",
  configuration_changed: "news", daemon_started: "news", mac_moved: "news",
};
let instance = "";
let newest = 0;

function draw(event) {
  const when = new Date(event.time * 1000);
  const today = when.toDateString() === new Date().toDateString();
  const time = element("time", { dateTime: when.toISOString(), textContent: today ? when.toLocaleTimeString() : when.toLocaleString() });
  return element("li", { className: LOOKS[event.kind] ?? "", title: event.kind }, time, event.text);
}

export async function drawEvents() {
  const list = byId("events");
  const answer = await ask(`/api/v1/events?after=${newest}`);
  if (answer.instance !== instance) {
    const again = instance !== "";
    instance = answer.instance;
    list.replaceChildren();
    newest = 0;
    if (again) return drawEvents();
  }
  for (const event of answer.events ?? []) {
    newest = number(event.number);
    list.prepend(draw(event));
  }
  while (list.childElementCount > KEPT) list.lastElementChild.remove();
}
