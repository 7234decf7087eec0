// A tree of calls: node 0 is above all, a parent's number is below its children's.

const PYTHON = 0;
const C_FUNCTION = 1;
const THREAD = 2; // this, and what is above it, is no function: a root
const TASK = 3;
const KINDS = 4;

class Tree {
  // `fn` has the function of each node, of a root its thread or task; `own` a column
  // per metric. Of an inverted tree, a node's own is what its callers lack: no self
  // time. `peak`, where memory was sampled: the largest size at a sample of the node.
  // `named` has the names of the tasks that begin at a node.
  constructor({ named = new Map(), peak = null, isInverted = false, ...columns }) {
    Object.assign(this, columns, { named, peak, isInverted });
    this.size = this.parent.length;
    this.totals = {};
  }

  total(metric) {
    if (!this.totals[metric]) {
      const total = Float64Array.from(this.own[metric]);
      for (let node = this.size - 1; node > 0; node--) {
        total[this.parent[node]] += total[node];
      }
      this.totals[metric] = total;
    }
    return this.totals[metric];
  }

  has(metric) {
    return Boolean(this.own[metric]) && this.total(metric)[0] > 0;
  }

  // The largest size of the process at any sample of a node or below it.
  peaks() {
    if (!this.highest) {
      this.highest = Float64Array.from(this.peak);
      for (let node = this.size - 1; node > 0; node--) {
        const above = this.parent[node];
        this.highest[above] = Math.max(this.highest[above], this.highest[node]);
      }
    }
    return this.highest;
  }

  get links() {
    if (!this.known) {
      const first = new Int32Array(this.size);
      const next = new Int32Array(this.size);
      for (let node = this.size - 1; node > 0; node--) {
        next[node] = first[this.parent[node]];
        first[this.parent[node]] = node;
      }
      this.known = { first, next };
    }
    return this.known;
  }

  children(node) {
    const { first, next } = this.links;
    const found = [];
    for (let child = first[node]; child; child = next[child]) found.push(child);
    return found;
  }

  path(node) {
    const found = [];
    for (; node; node = this.parent[node]) found.push(node);
    return found.reverse();
  }

  isRoot(node) {
    return this.kind[node] >= THREAD;
  }

  depth(node) {
    let depth = 0;
    for (; node; node = this.parent[node]) depth += this.kind[node] === PYTHON;
    return depth;
  }
}

function baseTree({ facts, columns }) {
  const { size, same, task_names: names } = facts;
  const parent = new Int32Array(size);
  const fn = new Int32Array(size);
  const kind = new Uint8Array(size);
  const named = new Map();
  for (let node = 1; node < size; node++) {
    parent[node] = node - columns.parent[node];
    kind[node] = columns.node_flags[node] & 3;
    const code = columns.code[node];
    const isThread = kind[node] === THREAD;
    fn[node] = isThread ? code : same[code];
    if (!isThread && code in names) named.set(node, names[code]);
  }
  const isC = kind.map((each) => each === C_FUNCTION);
  const own = ownTimes(columns, parent, isC, facts);
  if (facts.was) addOld(own, columns, parent, isC, facts);
  addBytes(own, facts, columns);
  const peak = peaksOf(facts);
  return new Tree({ parent, fn, kind, own, peak, named });
}
