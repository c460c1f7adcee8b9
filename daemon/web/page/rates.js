// What counters grow by in a second. 64-bit numbers come as strings, zeros not at all.

export const number = (value) => Number(value ?? 0);

const NAMES = ["ingressFrames", "ingressBytes", "egressFrames", "egressBytes"];

export function read(counters = {}) {
  const sum = Object.fromEntries(NAMES.map((name) => [name, number(counters[name])]));
  sum.drops = Object.fromEntries((counters.drops ?? []).map((drop) => [drop.reason, number(drop.frames)]));
  return sum;
}

// A counter that has become smaller has begun anew: its port was opened again.
function growth(before, now, seconds) {
  return seconds > 0 && now >= before ? (now - before) / seconds : 0;
}

// The rates between two looks at the same thing; none before the second look.
export class Rates {
  #before = new Map();

  of(key, counters, time) {
    const now = read(counters);
    const before = this.#before.get(key);
    this.#before.set(key, { now, time });
    const rates = { drops: {}, dropped: 0, known: before !== undefined };
    const seconds = before ? time - before.time : 0;
    for (const name of NAMES) rates[name] = before ? growth(before.now[name], now[name], seconds) : 0;
    for (const [reason, count] of Object.entries(now.drops)) {
      const rate = before ? growth(before.now.drops[reason] ?? 0, count, seconds) : 0;
      if (rate > 0) rates.drops[reason] = rate;
      rates.dropped += rate;
    }
    return rates;
  }

  keepOnly(keys) {
    for (const key of this.#before.keys()) if (!keys.has(key)) this.#before.delete(key);
  }
}
