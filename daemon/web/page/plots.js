// The last minutes as lines, up to five, drawn by Chart.js where it is installed.

import { byId } from "./dom.js";
import { bits, frames } from "./format.js";

const FIRST_POINTS = 30; // of which a plot has room at first; it grows
const MOST_POINTS = 150;
const COLOURS = ["--blue", "--teal", "--violet", "--sand", "--bad"];
const MOST_REASONS = COLOURS.length;

const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

class Plot {
  #chart;
  #past = 0; // points so far

  constructor(canvas, format) {
    this.#chart = new Chart(canvas, {
      type: "line",
      data: { labels: Array(FIRST_POINTS).fill(""), datasets: [] },
      options: {
        animation: false, maintainAspectRatio: false, interaction: { mode: "index", intersect: false },
        elements: { point: { radius: 0, hoverRadius: 3 }, line: { borderWidth: 2, tension: 0.25 } },
        scales: {
          x: { grid: { display: false }, ticks: { display: false } },
          y: { beginAtZero: true, suggestedMax: 1, ticks: { maxTicksLimit: 5, callback: format }, border: { display: false } },
        },
        plugins: {
          legend: { position: "bottom", labels: { boxWidth: 12, boxHeight: 2, padding: 12 } },
          tooltip: { callbacks: { label: (item) => `${item.dataset.label}: ${format(item.parsed.y)}` } },
        },
      },
    });
    this.paint();
  }

  paint() {
    const { options, data } = this.#chart;
    options.color = colour("--quiet");
    options.scales.y.ticks.color = colour("--quiet");
    options.scales.y.grid = { color: colour("--line"), drawBorder: false };
    options.scales.x.grid = { display: false, drawBorder: false };
    data.datasets.forEach((line, index) => {
      line.borderColor = colour(COLOURS[index % COLOURS.length]);
      line.backgroundColor = `${line.borderColor}22`;
    });
  }

  // `values`: by the name of the line. A new name begins a line; one that is missing goes on with zero.
  add(values, time) {
    const { labels, datasets } = this.#chart.data;
    for (const name of Object.keys(values)) {
      if (datasets.some((line) => line.label === name)) continue;
      const past = Array(labels.length).fill(null).fill(0, Math.max(0, labels.length - this.#past));
      datasets.push({ label: name, data: past, fill: "origin" });
      this.paint();
    }
    const full = this.#past < FIRST_POINTS || labels.length >= MOST_POINTS;
    labels.push(time);
    for (const line of datasets) line.data.push(values[line.label] ?? 0);
    if (full) for (const row of [labels, ...datasets.map((line) => line.data)]) row.shift();
    ++this.#past;
    this.#chart.update();
  }

  hasLine(name) { return this.#chart.data.datasets.some((line) => line.label === name); }
  remove(name) { this.#chart.data.datasets = this.#chart.data.datasets.filter((line) => line.label !== name); }
  get lines() { return this.#chart.data.datasets.length; }
  repaint() { this.paint(); this.#chart.update(); }
}

let traffic;
let drops;

export function preparePlots() {
  if (typeof Chart === "undefined") {
    byId("no-plots").hidden = false;
    for (const figure of document.querySelectorAll(".plots figure")) figure.hidden = true;
    return;
  }
  Chart.defaults.font.family = getComputedStyle(document.body).fontFamily;
  traffic = new Plot(byId("traffic"), bits);
  drops = new Plot(byId("drops"), frames);
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => {
    traffic.repaint();
    drops.repaint();
  });
}

const NOTHING = "none so far";

// As many reasons as there are colours have lines of their own.
function byReason(rates) {
  const lines = {};
  for (const [reason, rate] of Object.entries(rates)) {
    const name = reason.replaceAll("_", " ");
    const own = drops.hasLine(name) || drops.lines + Object.keys(lines).length < MOST_REASONS - 1;
    lines[own ? name : "others"] = (lines[own ? name : "others"] ?? 0) + rate;
  }
  if (Object.keys(lines).length > 0) drops.remove(NOTHING);
  else if (drops.lines === 0) lines[NOTHING] = 0;
  return lines;
}

export function addPoint(totals) {
  if (!traffic) return;
  const time = new Date().toLocaleTimeString();
  const lines = { "from guests": totals.guests.ingressBytes, "to guests": totals.guests.egressBytes };
  if (totals.joined || traffic.hasLine("from the network")) {
    lines["from the network"] = totals.network.ingressBytes;
    lines["to the network"] = totals.network.egressBytes;
  }
  traffic.add(lines, time);
  drops.add(byReason(totals.drops), time);
}
