// Numbers and names as people read them.

const TIMES = [
  [1e9, "s"],
  [1e6, "ms"],
  [1e3, "µs"],
  [1, "ns"],
];

function duration(ns) {
  if (!ns) return "0";
  const [unit, name] = TIMES.find(([size]) => ns >= size * 0.9995) || TIMES[3];
  return `${threeDigits(ns / unit)} ${name}`;
}

function threeDigits(value) {
  if (value >= 99.95) return count(Math.round(value));
  return value >= 9.995 ? value.toFixed(1) : value.toFixed(2);
}

function count(number) {
  return Math.round(number).toLocaleString("en-US");
}

function plural(number, noun) {
  return `${count(number)} ${noun}${number === 1 ? "" : "s"}`;
}

function share(part, whole) {
  if (!whole) return "0 %";
  const percent = (100 * part) / whole;
  if (percent && percent < 0.01) return "< 0.01 %";
  return `${percent.toFixed(percent < 9.995 ? 2 : 1)} %`;
}

function bytes(number) {
  for (const [power, name] of [
    [30, "GiB"],
    [20, "MiB"],
    [10, "KiB"],
  ]) {
    if (number >= 2 ** power) return `${(number / 2 ** power).toFixed(1)} ${name}`;
  }
  return plural(number, "byte");
}

function size(number) {
  return number ? bytes(number) : "0";
}

const METRICS = {
  cpu: { label: "CPU", hint: "time on the processor", form: duration },
  wall: { label: "Wall", hint: "time on the clock", form: duration },
  await: { label: "Await", hint: "time suspended in an await", form: duration },
  calls: { label: "Calls", hint: "number of calls", form: count },
  rss: {
    label: "Resident",
    hint: "what resident memory grew by, as sampled",
    form: size,
    isBytes: true,
    note: "growth at samples; what shrank is not subtracted",
  },
  allocated: {
    label: "Allocated",
    hint: "what Python's allocators gave out and did not get back, as sampled",
    form: size,
    isBytes: true,
    note: "growth at samples; what shrank is not subtracted",
  },
  kept: {
    label: "Retained",
    hint: "what the frames alive at exit keep",
    form: size,
    isBytes: true,
    note: "known by function: its places share what its frames keep",
  },
};

function amount(metric, value) {
  return METRICS[plain(metric)].form(value);
}
