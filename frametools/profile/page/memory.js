// Bytes: what memory grew by, where the run sampled it, and what frames alive at exit
// keep. A width cannot be negative, so it is growth; beside it stands what is left.

const MEMORY = ["rss", "allocated"];

// Adds the figures that a run has in bytes to a tree's own; of a comparison, those of
// the mean run on each side.
function addBytes(own, { memory, size, was }, columns) {
  if (columns.kept) own.kept = columns.kept;
  if (!memory) return;
  addSamples(own, "", memory, size, was ? was.new.runs : 1);
  if (was) addSamples(own, OLD, was.memory, size, was.old.runs);
}

function addSamples(own, side, memory, size, runs) {
  const spread = (figures) => {
    const column = new Float64Array(size);
    memory.nodes.forEach((node, at) => (column[node] = figures[at] / runs));
    return column;
  };
  own[`${side}samples`] = spread(memory.counts);
  own[`${side}net`] = spread(memory.net);
  own[side + memory.source] = own[`${side}net`].map((net) => Math.max(0, net));
}

// The largest size of the process at a sample of each node itself; 0 for none.
function peaksOf({ memory, size }) {
  if (!memory) return null;
  const peaks = new Float64Array(size);
  memory.nodes.forEach((node, at) => (peaks[node] = memory.peak[at]));
  return peaks;
}

function net(metric, change) {
  return `net ${change ? signed(metric, change) : "0"}`;
}

// `net +72 KiB`, of a node with all below it; "" where memory is not the width.
function netOf(tree, metric, node) {
  const column = metric.startsWith(OLD) ? `${OLD}net` : "net";
  if (!MEMORY.includes(plain(metric)) || !tree.own[column]) return "";
  return net(metric, tree.total(column)[node]);
}

// The panel's figure of the samples of a node: `[label, value, more]`.
function peakOf(tree, node) {
  const peak = tree.peak && tree.peaks()[node];
  if (!peak) return null;
  const samples = plural(tree.total("samples")[node], "sample");
  return ["Peak", bytes(peak), `of the process, in ${samples}`];
}

function memoryInWords({ memory }, base) {
  if (!memory) return "";
  const { source, samples, first, peak } = memory;
  const grew = base.total(source)[0];
  const left = base.total("net")[0];
  const most = peak.reduce((a, b) => Math.max(a, b), first);
  return (
    `${METRICS[source].label} memory, ${plural(samples, "sample")}: grew by ` +
    `${bytes(grew)}, shrank by ${bytes(grew - left)}, ${net(source, left)}; ` +
    `peak ${bytes(most)}. A frame is as wide as the growth that was charged to it ` +
    "and to what it called."
  );
}

// --- the table ---

// The columns that a run has in bytes.
function byteColumns({ facts: { memory }, base, functions }) {
  const columns = memory ? memoryColumns(memory.source, functions) : [];
  if (base.has("kept")) {
    columns.push({
      key: "kept",
      label: "Retained",
      isBytes: true,
      metric: "kept",
      hint: METRICS.kept.hint,
      value: (row) => row.own.kept,
      title: (row) => `${count(row.own.kept)} bytes`,
    });
  }
  return columns;
}

function memoryColumns(source, functions) {
  const { label } = METRICS[source];
  const hint = "what memory grew by, less what it shrank by";
  const change = (key, name, figures) => ({
    key,
    label: `${label} ${name}`,
    isBytes: true,
    hint,
    value: (row) => row[figures].net,
    form: (row) => signed(source, row[figures].net),
    title(row) {
      const { net, [source]: grew } = row[figures];
      const words = `grew by ${count(grew)} bytes, shrank by ${count(grew - net)}`;
      return `${words}; on the stack at ${plural(row.total.samples, "sample")}`;
    },
  });
  return [
    change("memory-self", "self", "own"),
    change("memory", "total", "total"),
    {
      key: "peak",
      label: "Peak",
      isBytes: true,
      hint: "the largest size of the process while it was on the stack",
      value: (row) => functions.peaks[row.fn],
      form: (row) => (functions.peaks[row.fn] ? bytes(functions.peaks[row.fn]) : "–"),
      title: (row) => `${count(functions.peaks[row.fn])} bytes`,
    },
  ];
}
