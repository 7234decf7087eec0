// The same calls under other roots: all threads together, or a root for each task.

// A task is known by its outermost coroutine: whatever event loop steps it, there it
// begins, so it is lifted out from under that loop.
function regroup(base, group) {
  if (group === "threads") return base;
  const grown = new Growing(base);
  const place = new Int32Array(base.size);
  const inTask = new Uint8Array(base.size);
  for (let node = 1; node < base.size; node++) {
    const above = base.parent[node];
    let parent = place[above];
    if (group === "tasks") {
      inTask[node] = inTask[above] || base.awaits[node];
      if (inTask[node] && !inTask[above]) parent = 0;
    } else if (base.kind[node] === THREAD) {
      continue;
    }
    place[node] = grown.node(parent, node);
  }
  return grown.finish(place);
}

class Growing {
  constructor(base) {
    this.base = base;
    this.known = new Map();
    this.parent = [0];
    this.source = [0];
    this.span = 3 * (base.fn.reduce((most, fn) => Math.max(most, fn), 0) + 1);
  }

  // The node below `parent` for the function of a base node; threads never merge.
  node(parent, from) {
    const { fn, kind } = this.base;
    const key = parent * this.span + fn[from] * 3 + kind[from];
    let node = this.known.get(key);
    if (node === undefined) {
      node = this.parent.push(parent) - 1;
      this.source.push(from);
      this.known.set(key, node);
    }
    return node;
  }

  finish(place) {
    const { base, parent, source } = this;
    const own = {};
    for (const metric of Object.keys(base.own)) {
      own[metric] = new Float64Array(parent.length);
      for (let node = 1; node < base.size; node++) {
        own[metric][place[node]] += base.own[metric][node];
      }
      own[metric][0] = 0;
    }
    const peak = base.peak && new Float64Array(parent.length);
    for (let node = 1; peak && node < base.size; node++) {
      peak[place[node]] = Math.max(peak[place[node]], base.peak[node]);
    }
    return new Tree({
      parent: Int32Array.from(parent),
      fn: Int32Array.from(source, (from) => base.fn[from]),
      kind: Uint8Array.from(source, (from) => base.kind[from]),
      awaits: Uint8Array.from(source, (from) => base.awaits[from]),
      own,
      peak,
    });
  }
}
