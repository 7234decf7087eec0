// The same calls under other roots: all threads together, or a root for each task.

// `tasks` are those of calltree/tasks.py: a task is lifted out from under its event
// loop at the nodes where it begins.
function regroup(base, group, tasks) {
  if (group === "threads") return base;
  const grown = new Growing(base, tasks);
  const place = new Int32Array(base.size);
  const begins = group === "tasks" ? tasksBegun(tasks, grown) : new Map();
  for (let node = 1; node < base.size; node++) {
    if (group === "together" && base.kind[node] === THREAD) continue;
    const parent = begins.get(node) ?? place[base.parent[node]];
    place[node] = grown.node(parent, base.fn[node], base.kind[node]);
  }
  return grown.finish(place);
}

// Of each node at which a task begins, the root that it comes to.
function tasksBegun({ labels, begins, of }, grown) {
  const roots = labels.map((_, at) => grown.node(0, at, TASK));
  return new Map(begins.map((node, at) => [node, roots[of[at]]]));
}

class Growing {
  constructor(base, tasks) {
    this.base = base;
    this.known = new Map();
    this.parent = [0];
    this.fn = [0];
    this.kind = [0];
    const least = tasks ? tasks.labels.length : 0;
    this.span = KINDS * (base.fn.reduce((most, fn) => Math.max(most, fn), least) + 1);
  }

  // The node below `parent` for a function; roots never merge.
  node(parent, fn, kind) {
    const key = parent * this.span + fn * KINDS + kind;
    let node = this.known.get(key);
    if (node === undefined) {
      node = this.parent.push(parent) - 1;
      this.fn.push(fn);
      this.kind.push(kind);
      this.known.set(key, node);
    }
    return node;
  }

  finish(place) {
    const { base, parent, fn, kind } = this;
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
      fn: Int32Array.from(fn),
      kind: Uint8Array.from(kind),
      own,
      peak,
    });
  }
}
