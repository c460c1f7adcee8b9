// The vswitches, each with what is plugged into it. Ports are asked for only where they are on screen.

import { ask } from "./ask.js";
import { byId, element, setClass, setText } from "./dom.js";
import { bits, counted } from "./format.js";
import { drawPorts } from "./ports.js";
import { number } from "./rates.js";

const FEW = 6; // so many are shown with their ports from the start
let opened = 0;
const cards = new Map();
const onScreen = new Set();
const observer = new IntersectionObserver((entries) => {
  for (const { target, isIntersecting } of entries) {
    if (isIntersecting) onScreen.add(target);
    else onScreen.delete(target);
  }
});

class Card {
  constructor(name) {
    this.name = name;
    this.title = element("span", { className: "title-name", textContent: name });
    this.state = element("span");
    this.facts = element("span", { className: "facts" });
    this.rate = element("span", { className: "rate" });
    this.ports = element("ul", { className: "ports" });
    this.ports.setAttribute("aria-label", `Ports of ${name}`);
    this.remark = element("p", { className: "note", textContent: "…" });
    this.node = element("details", { className: "vswitch card" },
      element("summary", {}, this.title, this.state, this.facts, this.rate),
      element("div", { className: "body" }, this.ports, this.remark));
    this.node.addEventListener("toggle", () => this.look());
    observer.observe(this.node);
  }

  draw(vswitch, rates) {
    setText(this.state, vswitch.up ? "Up" : "Down");
    setClass(this.state, vswitch.up ? "state up" : "state");
    const facts = [vswitch.interface ? `joined to ${vswitch.interface}` : "local",
      vswitch.openPorts ? `${vswitch.attachedPorts ?? 0} of ${counted(vswitch.openPorts, "port")} attached` : "no ports"];
    if (vswitch.macAddressCount) facts.push(counted(number(vswitch.macAddressCount), "address", "addresses"));
    if (vswitch.blockedPorts) facts.push(`${vswitch.blockedPorts} blocked: a loop`);
    setText(this.facts, facts.join(" · "));
    setText(this.rate, bits(rates.ingressBytes + rates.network.ingressBytes));
    this.rate.title = "comes in by all its ports";
    this.words = `${this.name} ${vswitch.interface ?? ""}`.toLowerCase();
  }

  get looksAt() { return this.node.open && onScreen.has(this.node); }

  async look() {
    if (!this.node.open || this.asking) return;
    this.asking = true;
    try {
      const vswitch = await ask(`/api/v1/vswitches/${encodeURIComponent(this.name)}`);
      const count = drawPorts(this.ports, vswitch);
      setText(this.remark, "No guest has a port here yet.");
      this.remark.hidden = count > 0;
    } catch (error) {
      setText(this.remark, error.message);
      this.remark.hidden = false;
    } finally {
      this.asking = false;
    }
  }
}

function filterCards() {
  const wanted = byId("filter").value.trim().toLowerCase();
  let visible = 0;
  for (const card of cards.values()) {
    card.node.hidden = !card.words.includes(wanted);
    visible += !card.node.hidden;
  }
  const none = byId("none");
  none.hidden = visible > 0;
  setText(none, cards.size === 0 ? "There is no vswitch yet. hpvmnet -c -S NAME makes one." : `No vswitch matches “${wanted}”.`);
}

export function prepareVswitches() {
  byId("filter").addEventListener("input", filterCards);
}

// `rates`: of each vswitch, by name.
export function drawVswitches(vswitches, rates) {
  for (const vswitch of vswitches) {
    let card = cards.get(vswitch.name);
    if (!card) {
      card = new Card(vswitch.name);
      card.node.open = Boolean(vswitch.openPorts || vswitch.interface) && opened++ < FEW;
      cards.set(vswitch.name, card);
      byId("list").append(card.node);
    }
    card.draw(vswitch, rates.get(vswitch.name));
  }
  const names = new Set(vswitches.map((vswitch) => vswitch.name));
  for (const [name, card] of cards) {
    if (names.has(name)) continue;
    observer.unobserve(card.node);
    onScreen.delete(card.node);
    card.node.remove();
    cards.delete(name);
  }
  byId("filter").hidden = cards.size <= FEW;
  filterCards();
  return Promise.all([...cards.values()].filter((card) => card.looksAt).map((card) => card.look()));
}
