// The tree upside down: functions by what they took themselves, their callers below.

const INVERTED_DEPTH = 256;
const INVERTED_SHARE = 1 / 4000; // what is narrower is not told apart
const INVERTED_NODES = 400000;

// Each level holds, per node, the places in the tree it came from with their weights;
// one step up the tree makes the next level. Places that meet are added up.
function invert(tree, metric) {
  const own = tree.own[metric];
  const least = tree.total(metric)[0] * INVERTED_SHARE;
  const made = { parent: [0], fn: [0], kind: [0], weight: [0] };
  let level = [{ node: 0, places: startOf(tree, own) }];
  for (let depth = 0; depth < INVERTED_DEPTH && level.length; depth++) {
    level = level.flatMap((group) => callersOf(tree, group, depth, made, least));
    if (made.parent.length > INVERTED_NODES) break;
  }
  return finishInverted(made, metric, tree.total(metric)[0]);
}

function startOf(tree, own) {
  const places = new Map();
  for (let node = 1; node < tree.size; node++) {
    if (own[node] > 0) places.set(node, own[node]);
  }
  return places;
}

function callersOf(tree, group, depth, made, least) {
  const groups = new Map();
  for (const [place, weight] of group.places) {
    const node = depth ? tree.parent[place] : place;
    if (!node) continue;
    const key = tree.fn[node] * KINDS + tree.kind[node];
    let found = groups.get(key);
    if (!found) groups.set(key, (found = { node: 0, weight: 0, places: new Map() }));
    found.weight += weight;
    found.places.set(node, (found.places.get(node) || 0) + weight);
  }
  const kept = [...groups].filter(([, { weight }]) => weight >= least);
  for (const [key, found] of kept) {
    found.node = made.parent.push(group.node) - 1;
    made.fn.push(Math.floor(key / KINDS));
    made.kind.push(key % KINDS);
    made.weight.push(found.weight);
  }
  return kept.map(([, found]) => found);
}

// What a node weighs beyond its callers is its own: the share of too narrow ones too.
function finishInverted({ parent, fn, kind, weight }, metric, whole) {
  const own = Float64Array.from(weight);
  own[0] = whole;
  for (let node = parent.length - 1; node > 0; node--)
    own[parent[node]] -= weight[node];
  return new Tree({
    parent: Int32Array.from(parent),
    fn: Int32Array.from(fn),
    kind: Uint8Array.from(kind),
    own: { [metric]: own.map((value) => Math.max(0, value)) },
    isInverted: true,
  });
}
