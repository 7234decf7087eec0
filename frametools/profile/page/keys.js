// The keyboard: everything that the pointer does, and steps through all choices.

const KEYS = [
  ["↑ ↓ ← →", "go to the frame above, below, beside"],
  ["Enter", "zoom to the frame"],
  ["Backspace", "zoom out, to the caller"],
  ["+ −", "zoom in and out"],
  ["0", "show all"],
  ["Escape", "close, clear the search, show all"],
  ["/", "search"],
  ["n N", "next and previous match"],
  ["f", "flame or icicle"],
  ["i", "inverted or not"],
  ["w", "another width"],
  ["o", "another order"],
  ["r", "other roots"],
  ["c", "another colour"],
  ["b", "before or after, in a comparison"],
  ["t", "light or dark"],
  ["?", "this list"],
];
const STEPS = {
  f: "shape",
  i: "inverted",
  w: "metric",
  o: "order",
  r: "group",
  c: "colour",
  b: "side",
};

function listen(app) {
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const isText = event.target.matches("input[type=search], select");
    if (event.key === "Escape") escape(app);
    else if (isText)
      return void (event.key === "Enter" && step(app, event.shiftKey ? -1 : 1));
    else if (STEPS[event.key]) another(app, STEPS[event.key]);
    else if (!press(app, event)) return;
    event.preventDefault();
  });
  byId("keys-list").replaceChildren(
    ...KEYS.map(([keys, text]) => {
      const caps = keys.split(" ").map((each) => made("kbd", "", each));
      return made("div", "", [made("dt", "", caps), made("dd", "", text)]);
    }),
  );
}

function press(app, { key, target }) {
  const { stage } = app;
  const middle = (stage.left + stage.right) / 2;
  const isGraph = target === stage.canvas || target === document.body;
  const actions = {
    "/": () => byId("search").focus(),
    "?": () => byId("keys").showModal(),
    "+": () => stage.zoomBy(0.5, middle),
    "=": () => stage.zoomBy(0.5, middle),
    "-": () => stage.zoomBy(2, middle),
    0: () => stage.zoomTo(0),
    n: () => step(app, 1),
    N: () => step(app, -1),
    t: () => app.toggleTheme(),
  };
  const moves = {
    Enter: () => app.picked && stage.zoomTo(app.picked),
    Backspace: () => stage.zoomTo(app.tree.parent[stage.focus]),
    ArrowUp: () => walk(app, app.state.shape === "flame" ? "in" : "out"),
    ArrowDown: () => walk(app, app.state.shape === "flame" ? "out" : "in"),
    ArrowLeft: () => walk(app, "left"),
    ArrowRight: () => walk(app, "right"),
  };
  const action = actions[key] || (isGraph && moves[key]);
  if (!action) return false;
  action();
  return true;
}

function escape(app) {
  const dialog = byId("keys");
  if (dialog.open) dialog.close();
  else if (app.state.search) app.set({ search: (byId("search").value = "") });
  else if (app.stage.focus) app.stage.zoomTo(0);
  else app.pick(0);
  if (document.activeElement === byId("search")) app.stage.canvas.focus();
}

function another(app, name) {
  const values = app.choices[name].map(([value]) => value);
  if (!values.length) return;
  const at = values.indexOf(app.state[name]);
  app.set({ [name]: values[(at + 1) % values.length] });
}

function walk(app, way) {
  const { layout, stage, picked } = app;
  const { node, place, left, rows, tree } = layout;
  const at = picked ? place[picked] : -1;
  let next = 0;
  if (at < 0) next = nodeAt(layout, 0, stage.left);
  else if (way === "out") next = tree.parent[picked];
  else if (way === "in") next = widestChild(layout, picked);
  else {
    const to = at + (way === "left" ? -1 : 1);
    const row = rowOf(layout, at);
    if (to >= rows[row] && to < rows[row + 1]) next = node[to];
  }
  if (next) app.pick(next, { reveal: true });
}

function widestChild({ tree, metric }, parent) {
  const total = tree.total(metric);
  const children = tree.children(parent).filter((child) => total[child] > 0);
  if (!children.length) return 0;
  return children.reduce((a, b) => (total[b] > total[a] ? b : a));
}

function step(app, by) {
  const { hits, layout } = app;
  if (!hits || !hits.nodes.length) return;
  const nodes = hits.nodes
    .filter((node) => layout.place[node] >= 0)
    .sort((a, b) => layout.place[a] - layout.place[b]);
  const at = nodes.indexOf(app.picked);
  const to = at < 0 ? (by > 0 ? 0 : -1) : at + by;
  app.pick(nodes.at(to % nodes.length), { reveal: true });
}
