// The page: what is shown, and what follows when one thing of it changes.

class App {
  constructor({ facts, columns }) {
    this.facts = facts;
    this.base = baseTree({ facts, columns });
    this.functions = new Functions(facts, this.base, columns);
    const metrics = [facts.clock, "cpu", "wall", "calls"];
    const metric = metrics.find((each) => each && this.base.has(each));
    this.usual = {
      shape: "icicle",
      inverted: "no",
      metric: metric || "calls",
      order: "heavy",
      group: facts.by === "task" && facts.tasks ? "tasks" : "threads",
      colour: facts.was ? "change" : "module",
      side: "new",
      theme: "auto",
      search: "",
    };
    this.state = { ...this.usual };
    this.picked = 0;
    this.dark = matchMedia("(prefers-color-scheme: dark)");
    this.readHash();
    this.stage = new Stage(this);
    makeControls(this);
    this.table = new Table(this);
    this.strip = new Strip(this);
    makeSplitter();
    showTasks(this);
    showAlive(this);
    byId("summary").textContent = summary(this);
    this.set({});
    this.listen();
    document.documentElement.classList.add("ready");
  }

  // Changes a part of the state; what depends on it is made anew.
  set(patch) {
    Object.assign(this.state, patch);
    const { group, inverted, order, search: text } = this.state;
    const { metric } = this;
    const pickedFn = this.pickedFn;
    const wasTree = this.tree;
    this.tree = this.treeOf(group, inverted === "yes" && metric);
    if (this.tree !== wasTree) this.picked = this.heaviest(pickedFn);
    const key = [group, inverted, metric, order].join();
    const isMoved = key !== this.layoutKey;
    this.layoutKey = key;
    if (isMoved) this.layout = layOut(this.tree, metric, order);
    if (isMoved || "search" in patch) {
      this.hits = search(text, this.functions, this.tree, metric);
    }
    if (isMoved || "shape" in patch) this.stage.show(this.layout);
    this.refresh();
  }

  // What the frames are as wide as: of a comparison, the old or the new figures.
  get metric() {
    const { metric, side } = this.state;
    return side === "old" ? OLD + metric : metric;
  }

  treeOf(group, invertedBy) {
    const key = `${group} ${invertedBy || ""}`;
    this.trees = this.trees || new Map();
    if (!this.trees.has(key)) {
      const tree = invertedBy
        ? invert(this.treeOf(group, false), invertedBy)
        : regroup(this.base, group, this.facts.tasks);
      this.trees.set(key, tree);
    }
    return this.trees.get(key);
  }

  refresh() {
    this.seen = null;
    document.documentElement.dataset.theme = this.theme;
    syncControls(this);
    showMatches(this);
    showLegend(this);
    showCrumbs(this, this.stage.focus);
    showDetails(this);
    this.table.show();
    this.strip.draw();
    this.stage.soon();
    this.writeHash();
  }

  get theme() {
    if (this.isPrinting) return "light";
    const { theme } = this.state;
    return theme === "auto" ? (this.dark.matches ? "dark" : "light") : theme;
  }

  toggleTheme() {
    this.set({ theme: this.theme === "dark" ? "light" : "dark" });
  }

  get pickedFn() {
    const isFunction = this.picked && !this.tree.isRoot(this.picked);
    return isFunction ? this.tree.fn[this.picked] : -1;
  }

  // What the painter needs beside the layout; made once until something changes.
  look() {
    if (!this.seen) {
      const style = getComputedStyle(document.documentElement);
      this.seen = {
        colours: coloursOf(this, this.theme),
        ink: style.getPropertyValue("--frame-ink").trim(),
        dim: style.getPropertyValue("--frame-dim").trim(),
        accent: style.getPropertyValue("--accent").trim(),
        font: `12px ${style.getPropertyValue("--sans").trim()}`,
        hits: this.hits,
        picked: this.pickedFn,
        label: (node) => this.label(node),
      };
    }
    return this.seen;
  }

  label(node) {
    const { fn, kind } = this.tree;
    if (kind[node] === TASK) return taskLabel(this.facts, fn[node]);
    if (kind[node] === THREAD) {
      const rest = this.state.group === "tasks" ? "in no task" : "";
      return [this.facts.threads[fn[node]] || "thread", rest];
    }
    const { name, place } = this.functions.rows[fn[node]];
    const task = this.tree.named.get(node);
    return [task ? `${name} "${task}"` : name, place];
  }

  inWords(node) {
    const { metric } = this;
    const total = this.tree.total(metric);
    const own = this.tree.own[metric][node];
    const was = wasOf(this.tree, metric, node);
    const amounts = `${amount(metric, total[node])} ${labelOf(metric)}`;
    const words = was ? `${amounts}, ${was}` : amounts;
    const part = share(total[node], total[0]);
    if (this.tree.isInverted) return `${words} (${part})`;
    const mine =
      plain(metric) === "calls"
        ? `${count(own)} of itself`
        : `${amount(metric, own)} self`;
    const { calls } = this.tree.own;
    const isFrame = !this.tree.isRoot(node);
    const entered = calls && plain(metric) !== "calls" && isFrame;
    const often = entered && plural(calls[node], "call");
    const rest = [mine, netOf(this.tree, metric, node), often].filter(Boolean);
    return `${words} (${part}), ${rest.join(", ")}`;
  }

  pick(node, { reveal } = {}) {
    this.picked = node;
    this.seen = null;
    if (node && reveal) this.stage.reveal(node);
    document.body.classList.toggle("has-picked", node > 0);
    showDetails(this);
    this.table.mark();
    this.stage.soon();
    const at = this.layout.place[node];
    const place = node && at >= 0 ? rowOf(this.layout, at) : 0;
    const words = node
      ? `${this.label(node)[0]}, row ${place + 1}, ${this.inWords(node)}`
      : "";
    byId("said").textContent = words;
  }

  pickFunction(fn) {
    this.pick(this.heaviest(fn), { reveal: true });
  }

  // Picks the place in the tree that is shown for a node of the base tree.
  pickBase(node) {
    if (this.tree === this.base)
      this.pick(node, { reveal: this.layout.place[node] >= 0 });
    else this.pickFunction(this.base.fn[node]);
  }

  // The node of a function that is widest.
  heaviest(fn) {
    if (fn < 0) return 0;
    const total = this.tree.total(this.metric);
    let most = 0;
    for (let node = 1; node < this.tree.size; node++) {
      if (this.tree.fn[node] !== fn || this.tree.isRoot(node)) continue;
      if (!most || total[node] > total[most]) most = node;
    }
    return most;
  }

  zoomed(focus) {
    showCrumbs(this, focus);
  }

  drawn() {
    if (this.isDrawn) return;
    this.isDrawn = true;
    performance.mark("drawn");
  }

  readHash() {
    for (const [name, value] of new URLSearchParams(location.hash.slice(1))) {
      if (name in this.state) this.state[name] = value;
    }
    byId("search").value = this.state.search;
    const { metric, group, colour, side } = this.state;
    const isKnown = Object.keys(METRICS).includes(metric) && this.base.has(metric);
    if (!isKnown) this.state.metric = this.usual.metric;
    const mode = COLOURS[colour];
    if (!mode || !mode.has(this)) this.state.colour = this.usual.colour;
    if (!this.facts.was || side !== "old") this.state.side = "new";
    const groups = ["threads", this.facts.tasks && "tasks", "together"];
    if (!groups.includes(group)) this.state.group = this.usual.group;
  }

  // What differs from the usual goes into the address, for links and reloads.
  writeHash() {
    const chosen = Object.entries(this.state);
    const words = chosen.filter(([name, value]) => value !== this.usual[name]);
    try {
      history.replaceState(null, "", `#${new URLSearchParams(words)}`);
    } catch {
      // A page inside of another, as in a notebook, has no address of its own.
    }
  }

  listen() {
    listen(this);
    const find = byId("search");
    find.addEventListener("input", () => this.set({ search: find.value.trim() }));
    byId("next").addEventListener("click", () => step(this, 1));
    byId("previous").addEventListener("click", () => step(this, -1));
    byId("theme").addEventListener("click", () => this.toggleTheme());
    byId("help").addEventListener("click", () => byId("keys").showModal());
    byId("close").addEventListener("click", () => this.pick(0));
    for (const tab of document.querySelectorAll("[role=tab]")) {
      tab.addEventListener("click", () => showTab(tab));
    }
    this.dark.addEventListener("change", () => this.refresh());
    window.addEventListener("beforeprint", () => this.print(true));
    window.addEventListener("afterprint", () => this.print(false));
  }

  print(isPrinting) {
    this.isPrinting = isPrinting;
    this.refresh();
    this.stage.draw();
  }
}

function showTab(chosen) {
  for (const tab of document.querySelectorAll("[role=tab]")) {
    const isChosen = tab === chosen;
    tab.setAttribute("aria-selected", String(isChosen));
    byId(tab.getAttribute("aria-controls")).hidden = !isChosen;
  }
}

async function begin() {
  try {
    new App(await readPayload());
  } catch (error) {
    byId("problem").hidden = false;
    byId("problem").textContent = `This page cannot be shown: ${error.message}`;
    throw error;
  }
}

begin();
