// How much of its time each worker moves frames.

import { byId, element, setClass, setText } from "./dom.js";
import { number } from "./rates.js";

const HOT = 0.9;
const shown = [];

function makeWorker(name) {
  const share = element("span");
  const bar = element("div");
  const meter = element("div", { className: "bar", role: "meter" }, bar);
  meter.setAttribute("role", "meter");
  meter.setAttribute("aria-label", `${name}, busy`);
  meter.setAttribute("aria-valuemin", "0");
  meter.setAttribute("aria-valuemax", "100");
  byId("workers").append(
    element("div", { className: "worker" }, element("div", { className: "label" }, element("span", { textContent: name }), share), meter));
  return { share, bar, meter, before: null };
}

export function drawWorkers(workers = []) {
  workers.forEach((worker, index) => {
    const cpu = worker.cpu === undefined ? "" : ` on CPU ${worker.cpu}`;
    const row = (shown[index] ??= makeWorker(`Worker ${index}${cpu}`));
    const now = { busy: number(worker.busyNs), total: number(worker.totalNs) };
    const before = row.before ?? { busy: 0, total: 0 };
    row.before = now;
    const share = now.total > before.total ? Math.min(1, Math.max(0, (now.busy - before.busy) / (now.total - before.total))) : 0;
    const percent = Math.round(share * 100);
    setText(row.share, `${percent} %`);
    setClass(row.meter, share >= HOT ? "bar hot" : "bar");
    row.bar.style.width = `${percent}%`;
    row.meter.setAttribute("aria-valuenow", percent);
  });
  while (shown.length > workers.length) shown.pop().meter.parentElement.remove();
}
