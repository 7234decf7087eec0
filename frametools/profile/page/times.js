// Self times of the nodes, the cost of monitoring taken out: as calltree/times.py does.

function ownTimes(columns, parent, isC, { raw, costs }) {
  const size = parent.length;
  const ran = new Float64Array(size);
  for (let node = 0; node < size; node++)
    ran[node] = columns.wall[node] - columns.off[node];
  const own = { wall: less(columns.wall, parent), cpu: less(ran, parent) };
  if (!raw && costs.some((cost) => cost)) {
    const lost = costOfMonitoring(columns, parent, isC, costs);
    for (const times of Object.values(own)) {
      for (let node = 0; node < size; node++) {
        times[node] = Math.max(0, Math.round(times[node] - lost[node]));
      }
    }
  }
  own.await = less(columns.awaited, parent);
  own.calls = columns.calls;
  return own;
}

// A node's total without its children's; a total below theirs is raised to them.
function less(total, parent) {
  const own = new Float64Array(total.length);
  const below = new Float64Array(total.length);
  for (let node = total.length - 1; node > 0; node--) {
    const here = total[node];
    const callees = below[node];
    own[node] = Math.max(0, here - callees);
    below[parent[node]] += Math.max(here, callees);
  }
  return own;
}

function costOfMonitoring({ calls, resumes, throws }, parent, isC, costs) {
  const [inside, outside, cInside, cOutside] = costs;
  const lost = new Float64Array(parent.length);
  for (let node = 0; node < lost.length; node++) {
    const entered = calls[node] + resumes[node] + throws[node];
    lost[node] += entered * (isC[node] ? cInside : inside);
    lost[parent[node]] += entered * (isC[node] ? cOutside : outside);
  }
  return lost;
}
