// Asks the daemon every two seconds and draws what it says, for as long as somebody can see it.

import { ask } from "./ask.js";
import { byId, element, setClass, setText } from "./dom.js";
import { drawEvents } from "./events.js";
import { bits, frames } from "./format.js";
import { addPoint, preparePlots } from "./plots.js";
import { Rates } from "./rates.js";
import { drawVswitches, prepareVswitches } from "./vswitches.js";
import { drawWorkers } from "./workers.js";

const PERIOD = 2000; // milliseconds
const rates = new Rates();
const totals = new Map();

function drawTotal(name, text, looks = "") {
  let row = totals.get(name);
  if (!row) {
    row = element("dd");
    totals.set(name, row);
    byId("totals").append(element("div", {}, element("dt", { textContent: name }), row));
  }
  setText(row, text);
  setClass(row.parentElement, looks);
}

const FLOWS = ["ingressBytes", "egressBytes", "ingressFrames"];

function addFlow(sum, flow) {
  for (const name of FLOWS) sum[name] += flow[name];
}

const emptyFlow = () => Object.fromEntries(FLOWS.map((name) => [name, 0]));

// The rates of each vswitch, and their sums over all.
function measure(overview) {
  const sum = { guests: emptyFlow(), network: emptyFlow(), drops: {}, dropped: 0, joined: false };
  const each = new Map();
  const keys = new Set();
  for (const vswitch of overview.vswitches ?? []) {
    const inside = rates.of(vswitch.name, vswitch.counters, overview.time);
    const outside = rates.of(`${vswitch.name} uplink`, vswitch.interfaceCounters, overview.time);
    keys.add(vswitch.name).add(`${vswitch.name} uplink`);
    each.set(vswitch.name, { ...inside, network: outside });
    addFlow(sum.guests, inside);
    addFlow(sum.network, outside);
    sum.joined ||= Boolean(vswitch.interface);
    for (const flow of [inside, outside]) {
      sum.dropped += flow.dropped;
      for (const [reason, rate] of Object.entries(flow.drops)) sum.drops[reason] = (sum.drops[reason] ?? 0) + rate;
    }
  }
  rates.keepOnly(keys);
  return { sum, each };
}

function drawTotals(overview, sum) {
  const all = overview.vswitches ?? [];
  const count = (name) => all.reduce((so_far, vswitch) => so_far + (vswitch[name] ?? 0), 0);
  drawTotal("vswitches up", `${all.filter((vswitch) => vswitch.up).length} of ${all.length}`);
  drawTotal("ports attached", `${count("attachedPorts")} of ${count("openPorts")}`);
  drawTotal("traffic", bits(sum.guests.ingressBytes + sum.network.ingressBytes));
  drawTotal("frames", frames(sum.guests.ingressFrames + sum.network.ingressFrames));
  drawTotal("dropped", frames(sum.dropped), sum.dropped > 0 ? "bad" : "");
}

function say(text, looks) {
  setText(byId("health"), text);
  setClass(byId("health"), looks);
}

async function look() {
  const overview = await ask("/api/v1/overview");
  const { sum, each } = measure(overview);
  setText(byId("host"), `on ${overview.host ?? "this host"}`);
  document.title = `hpvmnet on ${overview.host ?? "this host"}`;
  drawTotals(overview, sum);
  addPoint(sum);
  drawWorkers(overview.workers);
  await Promise.all([drawVswitches(overview.vswitches ?? [], each), drawEvents()]);
  say(`live · hpvmnetd ${overview.version}`, "good");
}

let timer;
async function run() {
  clearTimeout(timer);
  try {
    await look();
  } catch (error) {
    say(`no answer from hpvmnetd (${error.message}); trying again`, "bad");
  }
  if (!document.hidden) timer = setTimeout(run, PERIOD);
}

preparePlots();
prepareVswitches();
document.addEventListener("visibilitychange", () => {
  if (!document.hidden) run();
});
run();
