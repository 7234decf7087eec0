// What is searched for: a part of a name or a file, or a /regular expression/.

function compile(text) {
  const pattern = /^\/(.+)\/(i?)$/.exec(text);
  try {
    if (pattern) return new RegExp(pattern[1], pattern[2]);
  } catch {
    return null;
  }
  const plain = text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
  return new RegExp(plain, "i");
}

// Which functions match, and what they and all they called amount to in a tree:
// where one match is below another, the outer one counts. Null for no search.
function search(text, functions, tree, metric) {
  const wanted = text && compile(text);
  if (!text) return null;
  const isMatch = new Uint8Array(functions.rows.length);
  const found = { text, isMatch, functions: 0, nodes: [], weight: 0, wrong: !wanted };
  if (!wanted) return found;
  for (const { fn, name, place } of functions.called) {
    isMatch[fn] = wanted.test(name) || wanted.test(place) ? 1 : 0;
    found.functions += isMatch[fn];
  }
  const total = tree.total(metric);
  const covered = new Uint8Array(tree.size);
  for (let node = 1; node < tree.size; node++) {
    const isHere = !tree.isRoot(node) && isMatch[tree.fn[node]];
    const isBelow = covered[tree.parent[node]];
    covered[node] = isHere || isBelow ? 1 : 0;
    if (isHere) found.nodes.push(node);
    if (isHere && !isBelow) found.weight += total[node];
  }
  return found;
}
