// The table of functions: sorted by any column, narrowed by the search.

const PAGE = 100;
const COLUMNS = [
  { key: "name", label: "Function", value: (row) => row.name, isText: true },
  { key: "calls", label: "Calls", value: (row) => row.calls, form: callsOf },
  { key: "cpu-self", label: "CPU self", metric: "cpu", value: (row) => row.own.cpu },
  { key: "cpu", label: "CPU total", metric: "cpu", value: (row) => row.total.cpu },
  {
    key: "wall-self",
    label: "Wall self",
    metric: "wall",
    isClock: true,
    value: (row) => row.own.wall,
  },
  {
    key: "wall",
    label: "Wall total",
    metric: "wall",
    isClock: true,
    value: (row) => row.total.wall,
  },
  {
    key: "await",
    label: "Await",
    metric: "await",
    isClock: true,
    value: (row) => row.awaited,
  },
  {
    key: "depth",
    label: "Depth",
    isClock: true,
    value: (row) => row.depth,
    form: (row) => count(row.depth),
  },
];

// `21/3`: 21 calls, 3 of them not from within the function itself.
function callsOf({ calls, primitive }) {
  return calls === primitive ? count(calls) : `${count(calls)}/${count(primitive)}`;
}

class Table {
  constructor(app) {
    this.app = app;
    const { sort, limit, was } = app.facts;
    const has = (metric) =>
      app.base.has(metric) || (was && app.base.has(OLD + metric));
    const columns = was
      ? comparedColumns(COLUMNS, app)
      : [...COLUMNS, ...byteColumns(app)];
    this.all = columns.filter(({ metric }) => !metric || has(metric));
    this.sorts = {};
    const keys = this.all.filter(({ isBytes }) => !isBytes).map(({ key }) => key);
    const wanted = [sort, "cpu-self", "wall-self", "calls"];
    const changes = was && sort !== "name" ? wanted.map((key) => `${key}-change`) : [];
    const found = [...changes, ...wanted].find((key) => keys.includes(key));
    this.sorts.times = { key: found, isUp: found === "name" };
    this.limit = limit ?? PAGE;
    this.most = {};
    for (const { key, value, isText } of this.all) {
      if (isText) continue;
      const values = app.functions.called.map(value);
      this.most[key] = values.reduce((a, b) => Math.max(a, b), 0);
    }
    this.body = byId("functions-body");
    byId("functions").classList.toggle("compared", Boolean(was));
    byId("more").addEventListener("click", () => {
      this.limit += 5 * PAGE;
      this.show();
    });
  }

  // Takes the columns that go with the width: those of bytes, or of times in their
  // place. The times keep one order, and each width in bytes its own.
  choose() {
    const metric = plain(this.app.metric);
    const { isBytes } = METRICS[metric];
    const width = isBytes ? metric : "times";
    if (this.width === width) return;
    this.width = width;
    const wrong = isBytes ? "isClock" : "isBytes";
    this.columns = this.all.filter((column) => !column[wrong]);
    if (isBytes) this.sorts[width] ??= { key: this.usualOf(metric), isUp: false };
    this.makeHead();
  }

  // What a table of bytes is sorted by at first.
  usualOf(metric) {
    if (metric === "kept") return metric;
    const { sort, was } = this.app.facts;
    const key = sort === "memory" ? sort : "memory-self";
    return was ? `${key}-change` : key;
  }

  get order() {
    return this.sorts[this.width];
  }

  makeHead() {
    this.heads = this.columns.map((column) => {
      const head = made("th", column.isText ? "text" : "");
      if (column.isChange) head.title = "sorted by the size of the change";
      if (column.hint) head.title = column.hint;
      head.scope = "col";
      head.append(button("", column.label, () => this.sortBy(column)));
      return head;
    });
    byId("functions-head").replaceChildren(...this.heads);
  }

  sortBy({ key, isText }) {
    const { key: was, isUp } = this.order;
    this.sorts[this.width] = { key, isUp: was === key ? !isUp : Boolean(isText) };
    this.show();
  }

  rows() {
    const { hits, functions } = this.app;
    const rows = functions.called.filter(({ fn }) => !hits || hits.isMatch[fn]);
    const { value, isText } = this.columns.find(({ key }) => key === this.order.key);
    const sign = this.order.isUp ? 1 : -1;
    const by = isText
      ? (a, b) => (a.name < b.name ? -1 : Number(a.name > b.name))
      : (a, b) => value(a) - value(b);
    return rows.sort((a, b) => sign * by(a, b) || a.fn - b.fn);
  }

  show() {
    this.choose();
    this.columns.forEach(({ key }, at) => {
      const order = this.order.isUp ? "ascending" : "descending";
      this.heads[at].setAttribute("aria-sort", key === this.order.key ? order : "none");
    });
    const rows = this.rows();
    const shown = rows.slice(0, this.limit);
    this.body.replaceChildren(...shown.map((row) => this.row(row)));
    const left = rows.length - shown.length;
    byId("more").hidden = !left;
    byId("more").textContent = `Show more (${count(left)} left)`;
    byId("none").hidden = rows.length > 0;
    byId("none").textContent = this.app.hits
      ? "No function matches."
      : "No function was called.";
    this.mark();
  }

  row(row) {
    const line = made(
      "tr",
      "",
      this.columns.map((column) => this.cell(row, column)),
    );
    line.dataset.fn = row.fn;
    line.addEventListener("click", () => this.app.pickFunction(row.fn));
    return line;
  }

  cell(row, column) {
    const { key, isText, value, form, metric } = column;
    if (column.isChange) return changeCell(row, column);
    if (isText) {
      const chip = made("span", "chip");
      chip.style.background = this.app.look().colours.fill(row.fn, row.depth - 1);
      const name = button("link", elided(row.name), () => {});
      const state = row.was ? row.was.state[row.fn] : "";
      const parts = [chip, name, state && made("span", "badge", state)];
      parts.push(made("span", "place", elided(row.place)));
      const line = made("div", "of-function", parts.filter(Boolean));
      const head = made("th", "text", line);
      head.scope = "row";
      head.title = `${row.name}  ${row.place}`;
      return head;
    }
    const number = value(row);
    const text = form ? form(row) : amount(metric, number);
    const cell = made("td", number ? "" : "zero", text);
    if (column.title) cell.title = column.title(row);
    else cell.title = metric ? `${count(number)} ns` : "";
    if (key.endsWith("-self") && number > 0) cell.append(bar(number / this.most[key]));
    return cell;
  }

  mark() {
    for (const line of this.body.children) {
      line.classList.toggle("chosen", Number(line.dataset.fn) === this.app.pickedFn);
    }
  }
}
