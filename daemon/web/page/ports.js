// The ports of one vswitch: jacks in a rail, a wire each, and what it leads to.

import { element, setClass, setText } from "./dom.js";
import { bits, frames } from "./format.js";
import { Rates } from "./rates.js";

const ADAPTORS = { avio_lan: "accelerated", lan: "emulated", tap: "tap of the host" };
const MOVING = 1000; // bytes a second that make a wire thick
const rates = new Rates();

function makePort(key) {
  const part = (className, tag = "div") => element(tag, { className });
  const port = { jack: part("jack"), who: part("who"), what: part("what"), state: part("state", "span"),
    out: element("dd"), into: element("dd"), drops: part("drops") };
  port.flow = element("dl", { className: "flow" }, element("dt", { textContent: "sends" }), port.out, element("dt", { textContent: "gets" }), port.into);
  port.node = element("li", {}, element("div", { className: "rail" }, port.jack), part("wire"),
    element("div", { className: "device" }, port.who, port.what, port.state, port.flow, port.drops));
  port.node.dataset.key = key;
  return port;
}

const made = new WeakMap(); // by list: its ports by key

function draw(port, key, look) {
  const flow = rates.of(key, look.counters, performance.now() / 1000);
  setText(port.jack, look.jack);
  setText(port.who, look.who);
  setText(port.what, look.what);
  setText(port.state, look.state);
  setClass(port.state, `state ${look.looks}`);
  port.flow.hidden = look.idle;
  setText(port.out, bits(flow.ingressBytes));
  setText(port.into, bits(flow.egressBytes));
  setText(port.drops, flow.dropped > 0 ? `drops ${frames(flow.dropped)}` : "");
  port.drops.title = Object.keys(flow.drops).join(", ");
  const moving = flow.ingressBytes + flow.egressBytes > MOVING ? " moving" : "";
  setClass(port.node, `port ${look.looks}${look.uplink ? " uplink" : ""}${moving}`);
  port.node.title = look.remark ?? "";
}

function vlans(port) {
  const words = [];
  if (port.vlanId !== undefined) words.push(`VLAN ${port.vlanId}`);
  if (port.trunk) words.push(`trunk ${port.trunk}`);
  return words;
}

function lookOf(port) {
  const looks = port.blocked ? "blocked" : port.state === "STATE_ACTIVE" ? "active" : "";
  const states = { STATE_ACTIVE: "active", STATE_RESERVED: "reserved" };
  return {
    jack: String(port.number ?? 0),
    who: port.activeGuest || (port.reservedBy ?? []).join(", ") || "nobody",
    what: [ADAPTORS[port.adaptor] ?? port.adaptor ?? "", ...vlans(port)].filter(Boolean).join(" · ") || "settings only",
    state: port.blocked ? "blocked: a loop" : states[port.state] ?? "down",
    looks, idle: looks === "", counters: port.counters, remark: port.endpoint || port.socket,
  };
}

function lookOfBacking(backing) {
  return {
    jack: "uplink", who: backing.interface,
    what: ["network", ...(backing.vlanId !== undefined ? [`VLAN ${backing.vlanId}`] : [])].join(" · "),
    state: backing.modeInUse ? `by ${backing.modeInUse}` : "not in use",
    looks: backing.modeInUse ? "active" : "waiting", idle: !backing.modeInUse, uplink: true, counters: backing.counters,
    remark: backing.remark || backing.ipv4Address,
  };
}

// Draws the ports into the list and tells how many there are.
export function drawPorts(list, vswitch) {
  if (!made.has(list)) made.set(list, new Map());
  const ports = made.get(list);
  const looks = new Map();
  if (vswitch.backing) looks.set(`${vswitch.name} uplink`, lookOfBacking(vswitch.backing));
  for (const port of vswitch.ports ?? []) looks.set(`${vswitch.name} ${port.number ?? 0}`, lookOf(port));
  for (const [key, port] of ports) {
    if (looks.has(key)) continue;
    port.node.remove();
    ports.delete(key);
  }
  let place = 0;
  for (const [key, look] of looks) {
    if (!ports.has(key)) ports.set(key, makePort(key));
    const port = ports.get(key);
    draw(port, key, look);
    if (list.children[place] !== port.node) list.insertBefore(port.node, list.children[place] ?? null);
    ++place;
  }
  return looks.size;
}
