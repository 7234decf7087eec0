// The bar of choices. A choice that the data cannot tell apart is not offered.

function choicesOf({ base, state, facts }) {
  const threads = base.children(0).length;
  const { tasks } = facts;
  return {
    shape: [
      ["icicle", "Icicle", "callers above"],
      ["flame", "Flame", "callers below"],
    ],
    inverted: [
      ["no", "Top down", "from the outermost call inwards"],
      ["yes", "Inverted", "from each function to its callers"],
    ],
    metric: Object.entries(METRICS)
      .filter(([metric]) => base.has(metric))
      .map(([metric, { label, hint }]) => [metric, label, hint]),
    side: facts.was
      ? [
          ["new", "After", "as wide as in the new run"],
          ["old", "Before", "as wide as in the old run: what is gone is seen here"],
        ]
      : [],
    order: [
      ["heavy", "Heavy first", "widest on the left"],
      ["first", "In order", "by first call, from the left"],
    ],
    group: [
      ["threads", "Threads", "a root for each thread"],
      ...(tasks ? [["tasks", "Tasks", "a root for the tasks of each coroutine"]] : []),
      ...(threads > 1 || tasks ? [["together", "Together", "all threads as one"]] : []),
    ],
    colour: Object.entries(COLOURS)
      .filter(([, mode]) => mode.has({ base, state, facts }))
      .map(([name, { label }]) => [name, label, ""]),
  };
}

const LEGENDS = {
  shape: "Graph",
  inverted: "Direction",
  metric: "Width",
  side: "Run",
  order: "Order",
  group: "Roots",
  colour: "Colour",
};

function makeControls(app) {
  app.choices = choicesOf(app);
  const groups = Object.entries(app.choices).filter(
    ([, options]) => options.length > 1,
  );
  byId("controls").replaceChildren(...groups.map((group) => makeGroup(app, ...group)));
}

function makeGroup(app, name, options) {
  const group = made(
    "fieldset",
    `segments of-${name}`,
    made("legend", "", LEGENDS[name]),
  );
  for (const [value, label, hint] of options) {
    const input = made("input");
    Object.assign(input, {
      type: "radio",
      name,
      value,
      checked: app.state[name] === value,
    });
    input.addEventListener("change", () => app.set({ [name]: value }));
    const choice = made("label", "", [input, made("span", "", label)]);
    if (hint) choice.title = hint;
    group.append(choice);
  }
  return group;
}

function syncControls({ state }) {
  for (const input of document.querySelectorAll("#controls input")) {
    input.checked = state[input.name] === input.value;
  }
}

function showCrumbs(app, focus) {
  const path = app.tree.path(focus);
  const all = button("crumb", "All", () => app.stage.zoomTo(0));
  const crumbs = [all];
  const skipped = path.length > 14 ? path.length - 12 : 0;
  path.forEach((node, at) => {
    if (skipped && at >= 4 && at < 4 + skipped) {
      if (at === 4) crumbs.push(made("span", "quiet", `… ${skipped} …`));
      return;
    }
    crumbs.push(button("crumb", app.label(node)[0], () => app.stage.zoomTo(node)));
  });
  crumbs[crumbs.length - 1].setAttribute("aria-current", "true");
  byId("crumbs").replaceChildren(...crumbs.map((crumb) => made("li", "", crumb)));
}

function showMatches({ hits, tree, metric }) {
  const box = byId("matches");
  byId("search").classList.toggle("wrong", Boolean(hits && hits.wrong));
  byId("next").hidden = byId("previous").hidden = !(hits && hits.nodes.length);
  if (!hits) box.textContent = "";
  else if (hits.wrong) box.textContent = "not a regular expression";
  else if (!hits.functions) box.textContent = "no match";
  else {
    const part = share(hits.weight, tree.total(metric)[0]);
    const frames = plural(hits.nodes.length, "frame");
    const where = `${plural(hits.functions, "function")}, ${frames}`;
    box.textContent = `${where}, ${part} of ${labelOf(metric)}`;
  }
}

const LEGEND_ITEMS = 9;

function showLegend(app) {
  const { legend, title } = app.look().colours;
  const items = legend.slice(0, LEGEND_ITEMS).map(({ name, fill }) => {
    const chip = made("span", "chip");
    chip.style.background = fill;
    return made("li", "", [chip, name]);
  });
  if (legend.length > LEGEND_ITEMS) {
    items.push(made("li", "quiet", `${count(legend.length - LEGEND_ITEMS)} more`));
  }
  const { note } = METRICS[plain(app.metric)];
  for (const text of [title, note]) if (text) items.push(made("li", "quiet", text));
  byId("legend").hidden = !items.length;
  byId("legend").replaceChildren(...items);
}
