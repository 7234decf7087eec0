// The panel on the right: the run, or the frame that was picked.

function showDetails(app) {
  const { tree, picked } = app;
  const isThread = picked && tree.isRoot(picked);
  const about = app.facts.was ? aboutComparison : aboutRun;
  const parts = !picked ? about(app) : [aboutFrame(app, picked)];
  if (picked && !isThread) {
    const fn = tree.fn[picked];
    const { metric } = app;
    const kept = aliveOf(app.facts, app.functions.rows[fn]);
    parts.push(
      kept && made("p", "notice", kept),
      neighbours(app, "Called by", app.functions.callers(fn, metric)),
      neighbours(app, "Calls", app.functions.callees(fn, metric)),
      sourceOf(app, fn),
    );
  }
  byId("details-body").replaceChildren(...parts.flat().filter(Boolean));
  byId("details-body").scrollTop = 0;
}

function figures(pairs) {
  const items = pairs.filter((pair) => pair && pair[1] !== "");
  return made(
    "dl",
    "figures",
    items.map(([name, value, more]) =>
      made("div", "", [
        made("dt", "", name),
        made("dd", "", more ? [value, made("small", "", more)] : value),
      ]),
    ),
  );
}

function summary({ facts, base }) {
  if (facts.was) return comparisonInWords(facts);
  const calls = plural(base.total("calls")[0], "call");
  return `${duration(facts.wall_ns)} wall · ${duration(facts.cpu_ns)} CPU · ${calls}`;
}

function aboutRun({ facts, base, functions }) {
  const threads = base.children(0);
  const depth = functions.called.reduce((most, row) => Math.max(most, row.depth), 0);
  const calls = base.total("calls")[0];
  const status = facts.exit_status ? `exit status ${facts.exit_status}` : "";
  const started = facts.started_ms ? new Date(facts.started_ms).toLocaleString() : "";
  const notes = facts.notices.map((notice) => made("p", "notice", notice));
  return [
    made("h2", "", "The run"),
    made("p", "command", facts.command),
    made(
      "p",
      "quiet",
      [facts.python, facts.platform, status].filter(Boolean).join(", "),
    ),
    figures([
      ["Wall", duration(facts.wall_ns)],
      ["CPU", duration(facts.cpu_ns)],
      ["Calls", count(calls)],
      ["Functions", count(functions.called.length)],
      ["Frames in the tree", count(base.size - 1 - threads.length)],
      ["Threads", count(threads.length)],
      facts.tasks && ["Tasks", count(facts.tasks.counts.reduce((a, b) => a + b))],
      ["Deepest stack", count(depth)],
      facts.peak_rss && ["Peak memory", bytes(facts.peak_rss)],
    ]),
    started && made("p", "quiet", `Started ${started}`),
    facts.memory && made("p", "quiet", memoryInWords(facts, base)),
    facts.raw && made("p", "notice", "The cost of monitoring is not subtracted."),
    ...notes,
    made(
      "p",
      "quiet hint",
      "Click a frame for its callers, callees and source. " +
        "Double-click zooms, Escape goes back, ? lists the keys.",
    ),
  ];
}

const ALWAYS = ["cpu", "wall", "calls"];

function aboutFrame(app, node) {
  const { tree, base, functions } = app;
  const [name, place] = app.label(node);
  const isThread = tree.isRoot(node);
  const what = !tree.isInverted ? "" : tree.parent[node] ? " from here" : " self";
  const pairs = Object.keys(METRICS)
    .filter((metric) => tree.own[metric] && base.has(metric))
    .filter((metric) => ALWAYS.includes(metric) || tree.total(metric)[node])
    .map((metric) => {
      if (metric === "calls" && !isThread) {
        const was = wasWords(tree.own, "calls", node);
        return ["Calls", count(tree.own.calls[node]), was];
      }
      const whole = tree.total(metric)[node];
      const own = tree.own[metric][node];
      const label = metric === "calls" ? "Calls inside" : METRICS[metric].label + what;
      const hasOwn = metric !== "calls" && !tree.isInverted && !isThread;
      const more = [
        hasOwn && `${amount(metric, own)} self`,
        netOf(tree, metric, node),
        wasOf(tree, metric, node),
      ];
      return [label, amount(metric, whole), more.filter(Boolean).join("; ")];
    });
  pairs.push(peakOf(tree, node));
  if (tree.kind[node] === TASK) pairs.push(...taskFigures(app, tree.fn[node]));
  const chip = made("span", "chip");
  const { colours } = app.look();
  chip.style.background = isThread
    ? rootShade(colours.shades, tree.kind[node])
    : colours.fill(tree.fn[node], 0, node);
  const total = tree.total(app.metric);
  return made(
    "section",
    "frame",
    [
      made("h2", "", [chip, name]),
      place && made("p", "place", place),
      made("p", "share", [
        made("b", "", share(total[node], total[0])),
        ` of ${labelOf(app.metric)}${tree.isInverted ? inWhat(app, node) : ""}`,
        button("small", "Zoom", () => app.stage.zoomTo(node)),
      ]),
      bar(total[node] / (total[0] || 1), chip.style.background),
      figures(pairs),
      !isThread && wholeFunction(functions.rows[tree.fn[node]], app),
    ].filter(Boolean),
  );
}

// Upside down a frame has what the first function above it took itself, called from it.
function inWhat(app, node) {
  const { tree } = app;
  let top = node;
  while (tree.parent[top]) top = tree.parent[top];
  return top === node ? " by itself" : ` by ${app.label(top)[0]}, called from here`;
}

function wholeFunction(row, { base, metric, facts }) {
  const where =
    row.places === 1
      ? "Its only place in the tree"
      : `In all its ${count(row.places)} places in the tree`;
  const inAll = `${where}: ${callsOf(row)} ${row.calls === 1 ? "call" : "calls"}, `;
  const ofRun = (value) =>
    `${amount(metric, value)} (${share(value, base.total(metric)[0])})`;
  const times =
    plain(metric) === "calls"
      ? ""
      : `${ofRun(row.total[metric])} total, ${ofRun(row.own[metric])} self.`;
  const more = [
    facts.was && ` ${selfInWords(row, plain(metric))}`,
    row.resumes && ` Resumed ${count(row.resumes)}×.`,
    row.unwinds && ` Left by an exception ${count(row.unwinds)}×.`,
  ];
  const text = inAll + (times || `depth ${row.depth}.`) + more.filter(Boolean).join("");
  return made("p", "quiet", text);
}

const NEIGHBOURS = 12;

function neighbours(app, title, rows) {
  if (!rows.length) return null;
  const { metric } = app;
  const isCalls = plain(metric) === "calls";
  const most = rows[0].weight || 1;
  const lines = rows.slice(0, NEIGHBOURS).map(({ fn, kind, calls, weight }) => {
    const isThread = kind === THREAD;
    const name = isThread ? app.facts.threads[fn] : app.facts.names[fn];
    const pick = button("link", elided(name), () => app.pickFunction(fn));
    pick.title = name;
    const head = made("th", "text", isThread ? made("i", "", name) : pick);
    head.scope = "row";
    return made("tr", "", [
      head,
      made("td", "times", isCalls ? "" : `${count(calls)}×`),
      made("td", "", isCalls ? count(calls) : amount(metric, weight)),
      made("td", "meters", bar(weight / most)),
    ]);
  });
  const rest = rows.length - lines.length;
  return made("section", "neighbours", [
    made("h3", "", [title, made("span", "badge", count(rows.length))]),
    made("table", "", made("tbody", "", lines)),
    ...(rest > 0 ? [made("p", "quiet", `and ${count(rest)} more`)] : []),
  ]);
}
