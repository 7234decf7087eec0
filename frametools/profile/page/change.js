// A comparison: the old run's figures stand beside the new one's, as metrics of their
// own: `was_cpu` beside `cpu`. Without one there are none, and nothing here is called.

const OLD = "was_";
const STEPS_OF_CHANGE = 24;

function plain(metric) {
  return metric.replace(OLD, "");
}

function labelOf(metric) {
  const { label } = METRICS[plain(metric)];
  return metric.startsWith(OLD) ? `${label} before` : label;
}

// Adds the old run's own figures to a tree's, of the mean run both.
function addOld(own, columns, parent, isC, { raw, was }) {
  const olds = {};
  for (const name of "calls resumes throws wall off awaited".split(" ")) {
    olds[name] = columns[OLD + name];
  }
  const before = ownTimes(olds, parent, isC, { raw, costs: was.old.costs });
  const mean = (column, { runs }) => column.map((value) => value / runs);
  for (const metric of Object.keys(before)) {
    own[metric] = mean(own[metric], was.new);
    own[OLD + metric] = mean(before[metric], was.old);
  }
}

// The noise of a figure that the table has under `key`; 0 where it is not known.
function noiseOf({ was }, key, fn) {
  return was.noise && was.noise[key] ? was.noise[key][fn] : 0;
}

// What of a metric changes, and under which key its noise is known: memory grows and
// shrinks, and a width is its growth alone.
function changing(metric) {
  if (MEMORY.includes(metric)) return { column: "net", key: "memory-self" };
  return { column: metric, key: metric === "calls" ? metric : `${metric}-self` };
}

function isNoise({ was }, key, fn, change) {
  return Boolean(was.noise) && Math.abs(change) <= noiseOf({ was }, key, fn);
}

function percent(was, is) {
  if (!was) return is ? "new" : "";
  const change = (100 * (is - was)) / Math.abs(was);
  const digits = Math.abs(change) < 99.95 ? 1 : 0;
  return `${change < 0 ? "−" : "+"}${decimals(Math.abs(change), digits)} %`;
}

function decimals(number, digits) {
  return number.toLocaleString("en-US", {
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  });
}

function signed(metric, change) {
  if (!change) return "–";
  return `${change < 0 ? "−" : "+"}${amount(metric, Math.abs(change))}`;
}

// `was 12 ms, +8.3 %`; "" where there is nothing to compare with.
function wasWords(own, metric, node) {
  const column = own[OLD + metric];
  if (!column) return "";
  const [was, is] = [column[node], own[metric][node]];
  if (!was) return is ? "new" : "";
  if (was === is) return "as before";
  return `was ${amount(metric, was)}, ${is ? percent(was, is) : "gone"}`;
}

// The same of a node with all below it; of an inverted tree there is none.
function wasOf(tree, metric, node) {
  if (metric.startsWith(OLD) || !tree.own[OLD + metric]) return "";
  const total = { [metric]: tree.total(metric) };
  total[OLD + metric] = tree.total(OLD + metric);
  return wasWords(total, metric, node);
}

// Colours by the change of what a frame took itself, in its place in the tree; where
// the tree has no places, by that of its function.
function colourChange(app, shades) {
  const { functions, facts, tree } = app;
  const metric = plain(app.metric);
  const { column, key } = changing(metric);
  const deltas = functions.rows.map(({ fn, own }) => {
    const change = own[column] - own[OLD + column];
    return isNoise(facts, key, fn, change) ? 0 : change;
  });
  const most = deltas.reduce((a, b) => Math.max(a, Math.abs(b)), 0);
  const { less, same, more } = shades.change;
  const fills = { up: [], down: [] };
  for (let step = 0; step <= STEPS_OF_CHANGE; step++) {
    // Each in its own hue: the way from one to the other leads through green.
    fills.up.push(mixed([[...same, more[2]], more], step / STEPS_OF_CHANGE));
    fills.down.push(mixed([[...same, less[2]], less], step / STEPS_OF_CHANGE));
  }
  const shade = (change) => {
    const part = most ? Math.sqrt(Math.min(1, Math.abs(change) / most)) : 0;
    const step = Math.round(part * STEPS_OF_CHANGE);
    return fills[change < 0 ? "down" : "up"][step];
  };
  const [is, was] = [tree.own[column], tree.own[OLD + column]];
  const fill = (fn, row, node) => {
    if (!node || !is || !was || !deltas[fn]) return shade(deltas[fn]);
    return shade(is[node] - was[node]);
  };
  const legend = [-1, -0.1, 0, 0.1, 1].map((part) => ({
    name: part ? signed(metric, most * part) : "no change",
    fill: shade(most * part),
  }));
  const noise = facts.was.noise ? "; within the noise is no change" : "";
  const title = `change of what the frame took itself${noise}`;
  return { fill, legend: most ? legend : legend.slice(2, 3), title };
}

// --- the table: of each figure the new one, and the change ---

function changeColumn(key, metric, figures, column = metric) {
  const of = (row) => [row[figures][OLD + column], row[figures][column]];
  const change = (row) => {
    const [was, is] = of(row);
    return isNoise({ was: row.was }, key, row.fn, is - was) ? 0 : is - was;
  };
  return {
    key: `${key}-change`,
    label: "Change",
    metric,
    isChange: true,
    value: (row) => Math.abs(change(row)),
    form(row) {
      const [was, is] = of(row);
      const isSure = change(row) || is === was;
      return isSure ? signed(metric, is - was) : `~${signed(metric, is - was)}`;
    },
    more: (row) => (change(row) ? percent(...of(row)) : ""),
    tone: (row) => (change(row) > 0 ? "more" : change(row) < 0 ? "less" : "zero"),
    title(row) {
      const [was, is] = of(row);
      const isTime = metric === "calls" ? "calls" : "ns";
      const unit = METRICS[metric].isBytes ? "bytes" : isTime;
      const noise = noiseOf({ was: row.was }, key, row.fn);
      const words = `${count(was)} → ${count(is)} ${unit}`;
      return row.was.noise ? `${words}, noise ${count(noise)}` : words;
    },
  };
}

const COMPARED = [
  ["calls", "calls", "own"],
  ["cpu-self", "cpu", "own"],
  ["cpu", "cpu", "total"],
  ["wall-self", "wall", "own"],
  ["wall", "wall", "total"],
].flatMap(([key, metric, figures]) => [
  { key },
  changeColumn(key, metric, figures),
]);
const BESIDE_BYTES = ["calls", "cpu-self"]; // what else there is room for

// The columns of a comparison, those of one run put in front of their changes.
function comparedColumns(columns, { facts: { memory }, functions }) {
  const known = Object.fromEntries(columns.map((column) => [column.key, column]));
  known.calls = { ...known.calls, form: (row) => count(row.own.calls) };
  const times = COMPARED.map((column) => {
    const isClock = !BESIDE_BYTES.includes(column.key.replace("-change", ""));
    return { ...(known[column.key] || column), isClock };
  });
  const bytes = memory ? comparedMemory(memory.source, functions) : [];
  return [known.name, ...times, ...bytes];
}

function comparedMemory(source, functions) {
  const [own, total] = memoryColumns(source, functions);
  const change = (column, figures) => {
    const changed = changeColumn(column.key, source, figures, "net");
    return [column, { ...changed, metric: "", isBytes: true }];
  };
  return [...change(own, "own"), ...change(total, "total")];
}

function changeCell(row, column) {
  const more = column.more(row);
  const cell = made("td", column.tone(row), [
    column.form(row),
    ...(more ? [made("small", "", more)] : []),
  ]);
  cell.title = column.title(row);
  return cell;
}

// --- the panel without a frame: both sides ---

function aboutComparison({ facts, functions }) {
  const { was } = facts;
  const both = [was.old, was.new];
  const states = functions.called.map(({ fn }) => was.state[fn]);
  const number = (state) => states.filter((each) => each === state).length;
  const pair = (label, name, form) => {
    const [old, now] = both.map((side) => side[name] / side.runs);
    const same = old === now ? "as before" : `was ${form(old)}, ${percent(old, now)}`;
    return [label, form(now), same];
  };
  const side = (title, { file, runs, command, python, notices }) => [
    made("h3", "", title),
    made("p", "command", command),
    made("p", "quiet", [python, runsOf(file, runs)].filter(Boolean).join(", ")),
    ...notices.map((notice) => made("p", "notice", notice)),
  ];
  return [
    made("h2", "", "The comparison"),
    figures([
      pair("Wall", "wall_ns", duration),
      pair("CPU", "cpu_ns", duration),
      was.peaks && ["Peak memory", bytes(was.peaks[1]), ...peakBefore(was.peaks)],
      ["Functions", count(states.length)],
      ["New", count(number("new"))],
      ["Gone", count(number("gone"))],
    ]),
    ...side("Before", was.old),
    ...side("After", was.new),
    was.lacking && made("p", "notice", was.lacking),
    facts.raw && made("p", "notice", "The cost of monitoring is not subtracted."),
    made(
      "p",
      "quiet hint",
      "A frame is as wide as it was after, or before; its colour is the change. " +
        "Click a frame for its callers, callees and source. ? lists the keys.",
    ),
  ];
}

function peakBefore([old, now]) {
  return [old === now ? "as before" : `was ${bytes(old)}, ${percent(old, now)}`];
}

function runsOf(file, runs) {
  return runs === 1 ? file : `mean of ${plural(runs, "run")}: ${file}, …`;
}

function comparisonInWords({ was }) {
  const words = [
    ["wall_ns", "wall"],
    ["cpu_ns", "CPU"],
  ].map(([name, label]) => {
    const [old, now] = [was.old, was.new].map((side) => side[name] / side.runs);
    return `${duration(now)} ${label} (${percent(old, now) || "as before"})`;
  });
  return words.join(" · ");
}

// A function on both sides, in a sentence.
function selfInWords({ own, was, fn }, metric) {
  const state = was.state[fn];
  if (state === "new") return "It is new.";
  const { key } = changing(metric);
  const old = amount(metric, own[OLD + metric]);
  if (state === "gone") return `It is gone: it took ${old} itself.`;
  const [before, now] = [own[OLD + metric], own[metric]];
  const noise = isNoise({ was }, key, fn, now - before) ? ", within the noise" : "";
  if (before === now) return `It took ${old} itself before, too.`;
  return `It took ${old} itself before (${percent(before, now)}${noise}).`;
}
