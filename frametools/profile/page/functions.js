// What each function did in all its contexts, as calltree/functions.py adds it up.

class Functions {
  constructor(facts, base, columns) {
    Object.assign(this, { facts, base, columns });
    this.nesting = nestingOf(base);
    this.peaks = this.peaksByFunction();
    const counts = this.counts();
    const sums = Object.keys(base.own).map((metric) => [metric, ...this.sums(metric)]);
    this.rows = facts.names.map((name, fn) => ({
      fn,
      name,
      place: this.place(fn),
      was: facts.was,
      ...Object.fromEntries(
        Object.entries(counts).map(([of, column]) => [of, column[fn]]),
      ),
      own: Object.fromEntries(sums.map(([metric, own]) => [metric, own[fn]])),
      total: Object.fromEntries(sums.map(([metric, , total]) => [metric, total[fn]])),
    }));
    this.called = this.rows.filter((row) => row.places);
  }

  counts() {
    const {
      base: { fn, kind, size, parent, own },
      nesting,
    } = this;
    const column = () => new Float64Array(this.facts.names.length);
    const names = "places calls primitive depth awaited resumes unwinds".split(" ");
    const found = Object.fromEntries(names.map((name) => [name, column()]));
    const { places, calls, primitive, depth } = found;
    const sums = ["awaited", "resumes", "unwinds"];
    const depths = new Int32Array(size);
    for (let node = 1; node < size; node++) {
      depths[node] = depths[parent[node]] + (kind[node] === PYTHON ? 1 : 0);
      if (kind[node] === THREAD) continue;
      const of = fn[node];
      places[of]++;
      calls[of] += own.calls[node];
      for (const name of sums) found[name][of] += this.columns[name][node];
      if (nesting[node] === 1) primitive[of] += own.calls[node];
      if (depths[node] > depth[of]) depth[of] = depths[node];
    }
    return found;
  }

  // What the functions took themselves, and with what they called: of a recursion the
  // outermost activations count.
  sums(metric) {
    const {
      base: { fn, kind, size },
      nesting,
    } = this;
    const found = [0, 1].map(() => new Float64Array(this.facts.names.length));
    const [owns, totals] = found;
    const mine = this.base.own[metric];
    const whole = this.base.total(metric);
    for (let node = 1; node < size; node++) {
      if (kind[node] === THREAD) continue;
      owns[fn[node]] += mine[node];
      if (nesting[node] === 1) totals[fn[node]] += whole[node];
    }
    return found;
  }

  // The largest size of the process while a function was on the stack.
  peaksByFunction() {
    const { base } = this;
    const found = new Float64Array(this.facts.names.length);
    if (!base.peak) return found;
    const peaks = base.peaks();
    for (let node = 1; node < base.size; node++) {
      const of = base.fn[node];
      if (base.kind[node] !== THREAD) found[of] = Math.max(found[of], peaks[node]);
    }
    return found;
  }

  nodes(of) {
    const { fn, kind, size } = this.base;
    const found = [];
    for (let node = 1; node < size; node++) {
      if (fn[node] === of && kind[node] !== THREAD) found.push(node);
    }
    return found;
  }

  place(fn) {
    const { file, files, line } = this.facts;
    const name = files[file[fn]][0];
    const place = name && line[fn] ? `${name}:${line[fn]}` : name;
    const { was } = this.facts;
    if (!was || !was.place[fn]) return place;
    const old = was.place[fn];
    return was.state[fn] === "gone" ? old : `${place} (was ${old})`;
  }

  // Who called a function, with the time spent in it for them; the most first.
  callers(fn, metric) {
    const { base, nesting } = this;
    const total = base.total(metric);
    return this.edges(this.nodes(fn), (node) => {
      const parent = base.parent[node];
      return [parent, base.own.calls[node], nesting[node] === 1 ? total[node] : 0];
    });
  }

  // What a function called, with the time spent there; the most first.
  callees(fn, metric) {
    const { base } = this;
    const total = base.total(metric);
    const below = this.nodes(fn).flatMap((node) => base.children(node));
    return this.edges(below, (node) => {
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

  edges(nodes, figures) {
    const { fn, kind } = this.base;
    const found = new Map();
    for (const node of nodes) {
      const [of, calls, weight] = figures(node);
      const key = fn[of] * KINDS + kind[of];
      const row = found.get(key) || { fn: fn[of], kind: kind[of], calls: 0, weight: 0 };
      row.calls += calls;
      row.weight += weight;
      found.set(key, row);
    }
    return [...found.values()].sort((a, b) => b.weight - a.weight || b.calls - a.calls);
  }
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
