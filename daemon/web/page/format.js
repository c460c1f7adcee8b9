// Numbers as people read them.

const STEPS = ["", "k", "M", "G", "T"];

// Three digits that count, with a unit: "1.25 Gbit/s".
export function scaled(value, unit) {
  let step = 0;
  while (value >= 999.5 && step < STEPS.length - 1) {
    value /= 1000;
    ++step;
  }
  const digits = step === 0 || value >= 99.95 ? 0 : value >= 9.995 ? 1 : 2;
  return `${value.toFixed(digits)} ${STEPS[step]}${unit}`;
}

export const bits = (bytesPerSecond) => scaled(bytesPerSecond * 8, "bit/s");
export const frames = (perSecond) => scaled(perSecond, "/s");

export function counted(number, one, many = `${one}s`) {
  return `${number} ${number === 1 ? one : many}`;
}
