// Where each node is drawn: rows of spans, by depth, each row in order from the left.

// `left` and `right` are in the unit of the metric; row R has the places
// `rows[R]` to `rows[R + 1]`, `place` leads from a node to its own (-1 for none).
function layOut(tree, metric, order) {
  const total = tree.total(metric);
  const by = order === "heavy" ? (a, b) => total[b] - total[a] || a - b : null;
  const node = new Int32Array(tree.size);
  const left = new Float64Array(tree.size);
  const right = new Float64Array(tree.size);
  const place = new Int32Array(tree.size).fill(-1);
  const rows = [0];
  let count = 0;
  const { first, next } = tree.links;
  const putChildren = (parent, x) => {
    const from = count;
    for (let child = first[parent]; child; child = next[child]) {
      if (total[child] > 0) node[count++] = child;
    }
    if (by && count - from > 1) node.subarray(from, count).sort(by);
    for (let at = from; at < count; at++) {
      left[at] = x;
      right[at] = x += total[node[at]];
      place[node[at]] = at;
    }
  };
  putChildren(0, 0);
  for (let at = 0; at < count;) {
    const end = count;
    rows.push(end);
    for (; at < end; at++) putChildren(node[at], left[at]);
  }
  return { tree, metric, node, left, right, place, rows, width: total[0] };
}

function rowOf({ rows }, place) {
  return after(rows, place, 0, rows.length) - 1;
}

// The first index in [low, high) whose number is above x; `high` if there is none.
function after(numbers, x, low, high) {
  while (low < high) {
    const middle = (low + high) >> 1;
    if (numbers[middle] > x) high = middle;
    else low = middle + 1;
  }
  return low;
}

function rowCount({ rows }) {
  return rows.length - 1;
}

// The node that covers x in a row; 0 for none.
function nodeAt(layout, row, x) {
  if (row < 0 || row >= rowCount(layout)) return 0;
  const end = layout.rows[row + 1];
  const at = after(layout.right, x, layout.rows[row], end);
  return at < end && layout.left[at] <= x ? layout.node[at] : 0;
}
