// What each function did in all its contexts, as calltree/functions.py adds it up.

class Functions {
  constructor(facts, base) {
    Object.assign(this, { facts, base });
    this.nesting = nestingOf(base);
    this.rows = facts.names.map((name, fn) => ({
      fn,
      name,
      place: this.place(fn),
      calls: 0,
      primitive: 0,
      depth: 0,
      nodes: [],
      own: { cpu: 0, wall: 0, await: 0, calls: 0 },
      total: { cpu: 0, wall: 0, await: 0, calls: 0 },
    }));
    this.addUp();
    this.called = this.rows.filter((row) => row.nodes.length);
  }

  addUp() {
    const { base, nesting } = this;
    const depths = depthsOf(base);
    for (let node = 1; node < base.size; node++) {
      if (base.kind[node] === THREAD) continue;
      const row = this.rows[base.fn[node]];
      row.nodes.push(node);
      row.depth = Math.max(row.depth, depths[node]);
      row.calls += base.own.calls[node];
      if (nesting[node] === 1) row.primitive += base.own.calls[node];
      for (const metric of Object.keys(METRICS)) {
        row.own[metric] += base.own[metric][node];
        if (nesting[node] === 1) row.total[metric] += base.total(metric)[node];
      }
    }
  }

  place(fn) {
    const { file, files, line } = this.facts;
    const name = files[file[fn]][0];
    return name && line[fn] ? `${name}:${line[fn]}` : name;
  }

  // Who called a function, with the time spent in it for them; the most first.
  callers(fn, metric) {
    const { base, nesting } = this;
    const total = base.total(metric);
    return this.sums(this.rows[fn].nodes, (node) => {
      const parent = base.parent[node];
      return [parent, base.own.calls[node], nesting[node] === 1 ? total[node] : 0];
    });
  }

  // What a function called, with the time spent there; the most first.
  callees(fn, metric) {
    const { base } = this;
    const total = base.total(metric);
    const below = this.rows[fn].nodes.flatMap((node) => base.children(node));
    return this.sums(below, (node) => {
      const weight = this.isRepeated(node) ? 0 : total[node];
      return [node, base.own.calls[node], weight];
    });
  }

  // True if the same call, from the same function, is further up on the stack.
  isRepeated(node) {
    const { parent, fn, kind } = this.base;
    if (this.nesting[node] < 2) return false;
    const caller = parent[node];
    for (let at = caller; parent[at]; at = parent[at]) {
      const isSame = fn[at] === fn[node] && kind[at] === kind[node];
      if (isSame && fn[parent[at]] === fn[caller]) return true;
    }
    return false;
  }

  sums(nodes, figures) {
    const { fn, kind } = this.base;
    const found = new Map();
    for (const node of nodes) {
      const [of, calls, weight] = figures(node);
      const key = fn[of] * 3 + kind[of];
      const row = found.get(key) || { fn: fn[of], kind: kind[of], calls: 0, weight: 0 };
      row.calls += calls;
      row.weight += weight;
      found.set(key, row);
    }
    return [...found.values()].sort((a, b) => b.weight - a.weight || b.calls - a.calls);
  }
}

function depthsOf({ parent, kind, size }) {
  const depths = new Int32Array(size);
  for (let node = 1; node < size; node++) {
    depths[node] = depths[parent[node]] + (kind[node] === PYTHON);
  }
  return depths;
}

// How many of a node's function are on its path, itself included.
function nestingOf(tree) {
  const { first, next } = tree.links;
  const nesting = new Int32Array(tree.size);
  const open = new Int32Array(tree.fn.reduce((most, fn) => Math.max(most, fn), 0) + 1);
  let node = first[0];
  while (node) {
    if (tree.kind[node] !== THREAD) nesting[node] = ++open[tree.fn[node]];
    if (first[node]) {
      node = first[node];
      continue;
    }
    while (node) {
      if (tree.kind[node] !== THREAD) open[tree.fn[node]]--;
      if (next[node]) break;
      node = tree.parent[node];
    }
    node = next[node];
  }
  return nesting;
}
