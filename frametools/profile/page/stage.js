// The graph: what part of the layout is seen, and what the pointer does to it.

class Stage {
  constructor(app) {
    this.app = app;
    for (const id of [
      "scroller",
      "spacer",
      "canvas",
      "ruler",
      "hover",
      "picked",
      "tip",
    ]) {
      this[id] = document.getElementById(id);
    }
    this.painter = new Painter(this.canvas);
    this.focus = 0;
    this.scroller.addEventListener("scroll", () => this.soon());
    new ResizeObserver(() => this.resize()).observe(this.canvas);
    this.listen();
  }

  // Shows another layout; the zoom stays where the tree is the same.
  show(layout) {
    const isSame = this.layout && this.layout.tree === layout.tree;
    this.layout = layout;
    if (!isSame || layout.place[this.focus] < 0) this.focus = 0;
    this.setRange(...this.spanOf(this.focus));
    const height = `${rowCount(layout) * ROW}px`;
    this.spacer.style.height = height;
    document.documentElement.style.setProperty("--graph-height", height);
    this.scrollToRow(this.focus ? rowOf(layout, layout.place[this.focus]) : 0);
  }

  spanOf(node) {
    const at = this.layout.place[node];
    return at < 0
      ? [0, this.layout.width]
      : [this.layout.left[at], this.layout.right[at]];
  }

  setRange(left, right) {
    this.left = left;
    this.right = right;
    this.soon();
  }

  zoomTo(node) {
    this.focus = this.layout.place[node] < 0 ? 0 : node;
    this.setRange(...this.spanOf(this.focus));
    this.scrollToRow(this.focus ? rowOf(this.layout, this.layout.place[node]) : 0);
    this.app.zoomed(this.focus);
  }

  zoomBy(factor, at) {
    const { width } = this.layout;
    const seen = this.right - this.left;
    const wanted = Math.min(width, Math.max(seen * factor, width / 1e7));
    const left = at - ((at - this.left) / seen) * wanted;
    this.move(Math.max(0, Math.min(width - wanted, left)), wanted);
  }

  panBy(distance) {
    const seen = this.right - this.left;
    const left = Math.max(0, Math.min(this.layout.width - seen, this.left + distance));
    this.move(left, seen);
  }

  // Shows a range; the focus is the innermost one of the old that still covers it.
  move(left, seen) {
    const { tree } = this.layout;
    let node = this.focus;
    const covers = ([from, to]) => from <= left && to >= left + seen;
    while (node && !covers(this.spanOf(node))) node = tree.parent[node];
    this.focus = node;
    this.setRange(left, left + seen);
    this.app.zoomed(node);
  }

  scrollToRow(row) {
    const margin = 2 * ROW;
    const top =
      this.app.state.shape === "flame" ? this.flameTop(row) : row * ROW - margin;
    this.scroller.scrollTop = Math.max(0, top);
    this.soon();
  }

  flameTop(row) {
    const below = (rowCount(this.layout) - row) * ROW + 2 * ROW;
    return below - this.scroller.clientHeight;
  }

  // Brings a node into view, if need be by zooming out.
  reveal(node) {
    if (this.layout.place[node] < 0) return;
    const [left, right] = this.spanOf(node);
    if (right <= this.left || left >= this.right)
      this.zoomTo(this.layout.tree.parent[node]);
    const y = this.yOf(rowOf(this.layout, this.layout.place[node]));
    if (y < 0) this.scroller.scrollTop += y - ROW;
    const over = y + 2 * ROW - this.scroller.clientHeight;
    if (over > 0) this.scroller.scrollTop += over;
    this.soon();
  }

  yOf(row) {
    const { scrollTop, clientHeight } = this.scroller;
    if (this.app.state.shape !== "flame") return row * ROW - scrollTop;
    const rows = rowCount(this.layout);
    return Math.max(0, clientHeight - rows * ROW) + (rows - 1 - row) * ROW - scrollTop;
  }

  rowAt(y) {
    if (this.app.state.shape !== "flame") return Math.floor((y - this.yOf(0)) / ROW);
    return Math.floor((this.yOf(0) + ROW - y) / ROW);
  }

  resize() {
    const { clientWidth, clientHeight } = this.canvas;
    if (!clientWidth || !clientHeight) return;
    this.painter.resize(clientWidth, clientHeight);
    if (this.layout) this.draw();
  }

  soon() {
    if (this.waiting) return;
    this.waiting = requestAnimationFrame(() => this.draw());
  }

  draw() {
    cancelAnimationFrame(this.waiting);
    this.waiting = 0;
    if (!this.layout || !this.painter.width) return;
    const ends = [this.rowAt(0), this.rowAt(this.painter.height)];
    this.painter.paint({
      layout: this.layout,
      left: this.left,
      right: this.right,
      first: Math.max(0, Math.min(...ends)),
      last: Math.min(rowCount(this.layout) - 1, Math.max(...ends)),
      yOf: (row) => this.yOf(row),
      ...this.app.look(),
    });
    this.drawRuler();
    this.frame(this.picked, this.app.picked);
    this.frame(this.hover, this.hovered || 0);
    this.app.drawn();
  }

  drawRuler() {
    const { metric } = this.layout;
    const seen = this.right - this.left;
    const { width } = this.painter;
    const wanted = Math.max(2, Math.floor(width / 150));
    const { isBytes } = METRICS[plain(metric)];
    const marked = marks(seen, wanted, isBytes).map((at) => {
      const mark = made("span", "mark", amount(metric, at));
      mark.style.left = `${(100 * at) / seen}%`;
      return mark;
    });
    this.ruler.replaceChildren(...marked);
    // The label of a mark at the right end stands before it, not beyond the edge.
    const last = marked.at(-1);
    const isOver = last && last.offsetLeft + last.offsetWidth > width;
    if (isOver) last.classList.add("before");
  }

  // Puts an outline around a node.
  frame(box, node) {
    const at = node ? this.layout.place[node] : -1;
    box.hidden = at < 0;
    if (at < 0) return;
    const scale = this.painter.width / (this.right - this.left);
    const x = Math.max(-4, (this.layout.left[at] - this.left) * scale);
    const end = Math.min(
      this.painter.width + 4,
      (this.layout.right[at] - this.left) * scale,
    );
    box.hidden = end <= 0 || x >= this.painter.width;
    box.style.left = `${x}px`;
    box.style.top = `${this.yOf(rowOf(this.layout, at)) + this.scroller.scrollTop}px`;
    box.style.width = `${Math.max(3, end - x - 1)}px`;
  }

  at(event) {
    const box = this.canvas.getBoundingClientRect();
    const x = event.clientX - box.left;
    const where = this.left + (x / this.painter.width) * (this.right - this.left);
    return {
      where,
      node: nodeAt(this.layout, this.rowAt(event.clientY - box.top), where),
    };
  }

  listen() {
    const { canvas } = this;
    canvas.addEventListener("pointerdown", (event) => this.grab(event));
    canvas.addEventListener("pointermove", (event) => this.moved(event));
    canvas.addEventListener("pointerleave", () => this.leave());
    canvas.addEventListener("click", (event) => {
      if (!this.wasDragged) this.app.pick(this.at(event).node);
    });
    canvas.addEventListener("dblclick", (event) => this.zoomTo(this.at(event).node));
    canvas.addEventListener("wheel", (event) => this.wheel(event), { passive: false });
  }

  grab(event) {
    this.wasDragged = false;
    if (event.button === 0) this.grabbed = { x: event.clientX, id: event.pointerId };
  }

  moved(event) {
    if (this.grabbed && event.buttons & 1) {
      const distance = event.clientX - this.grabbed.x;
      if (!this.wasDragged && Math.abs(distance) < 4) return;
      this.wasDragged = true;
      this.canvas.setPointerCapture(this.grabbed.id);
      this.grabbed.x = event.clientX;
      this.panBy((-distance / this.painter.width) * (this.right - this.left));
      this.leave();
      return;
    }
    this.hovered = this.at(event).node;
    this.frame(this.hover, this.hovered);
    this.canvas.style.cursor = this.hovered ? "pointer" : "default";
    showTip(this.tip, this.app, this.hovered, event);
  }

  leave() {
    this.hovered = 0;
    this.hover.hidden = true;
    this.tip.hidden = true;
  }

  wheel(event) {
    const seen = this.right - this.left;
    if (event.ctrlKey || event.metaKey) {
      event.preventDefault();
      this.zoomBy(Math.exp(event.deltaY * 0.004), this.at(event).where);
    } else if (event.shiftKey || Math.abs(event.deltaX) > Math.abs(event.deltaY)) {
      event.preventDefault();
      this.panBy(((event.deltaX || event.deltaY) / this.painter.width) * seen);
    }
  }
}

function showTip(tip, app, node, event) {
  tip.hidden = !node;
  if (!node) return;
  const [name, place] = app.label(node);
  tip.replaceChildren(
    made("strong", "", name),
    made("span", "place", place),
    made("span", "", app.inWords(node)),
  );
  const box = tip.getBoundingClientRect();
  const x = Math.min(event.clientX + 14, window.innerWidth - box.width - 8);
  const isLow = event.clientY + 22 + box.height > window.innerHeight;
  tip.style.left = `${Math.max(8, x)}px`;
  tip.style.top = `${isLow ? event.clientY - box.height - 12 : event.clientY + 18}px`;
}
