// Depth over time, where the run was recorded: the pointer tells the deepest call of a
// moment, a click picks it.

class Strip {
  constructor(app) {
    this.app = app;
    this.box = document.getElementById("strip");
    this.box.hidden = !app.facts.strips.length;
    if (this.box.hidden) return;
    this.canvas = document.getElementById("depths");
    this.note = document.getElementById("moment");
    this.choice = document.getElementById("strip-thread");
    this.choice.replaceChildren(
      ...app.facts.strips.map((strip, at) => {
        const option = made("option", "", app.facts.threads[strip.thread] || "thread");
        option.value = at;
        return option;
      }),
    );
    this.choice.hidden = app.facts.strips.length < 2;
    this.choice.addEventListener("change", () => this.draw());
    this.canvas.addEventListener("pointermove", (event) => this.tell(this.slot(event)));
    this.canvas.addEventListener("pointerleave", () => this.tell(-1));
    this.canvas.addEventListener("click", (event) => this.pick(this.slot(event)));
    new ResizeObserver(() => this.draw()).observe(this.canvas);
  }

  get strip() {
    return this.app.facts.strips[Number(this.choice.value) || 0];
  }

  slot(event) {
    const box = this.canvas.getBoundingClientRect();
    const x = event.clientX - box.left - this.canvas.clientLeft;
    return this.deepest(
      Math.max(0, Math.min(this.canvas.clientWidth - 1, Math.floor(x))),
    );
  }

  // The slot that stands for a pixel, where that has several: the deepest.
  deepest(x) {
    const { depths } = this.strip;
    const scale = depths.length / this.canvas.clientWidth;
    const from = Math.floor(x * scale);
    const to = Math.max(from + 1, Math.floor((x + 1) * scale));
    let slot = from;
    for (let at = from; at < to; at++) if (depths[at] > depths[slot]) slot = at;
    return slot;
  }

  tell(slot) {
    const { first, last, nodes, depths } = this.strip;
    const most = depths.reduce((a, b) => Math.max(a, b), 0);
    if (slot < 0) {
      this.note.textContent = `${duration(last - first)}, at most ${most} deep`;
      return;
    }
    const time = duration(((last - first) * slot) / nodes.length);
    const node = nodes[slot];
    const name = depths[slot]
      ? this.app.facts.names[this.app.base.fn[node]]
      : "nothing";
    this.note.textContent = `at ${time}: depth ${depths[slot]}, ${name}`;
  }

  pick(slot) {
    const node = this.strip.nodes[slot];
    if (node) this.app.pickBase(node);
  }

  draw() {
    if (this.box.hidden) return;
    const { clientWidth: width, clientHeight: height } = this.canvas;
    if (!width) return;
    const painter = new Painter(this.canvas);
    painter.resize(width, height);
    const { nodes, depths } = this.strip;
    const most = Math.max(
      1,
      depths.reduce((a, b) => Math.max(a, b), 0),
    );
    const { colours } = this.app.look();
    const fns = nodes.map((node) => this.app.base.fn[node]);
    for (let x = 0; x < width; x++) {
      const slot = this.deepest(x);
      if (!depths[slot]) continue;
      const tall = Math.max(1, (depths[slot] / most) * (height - 2));
      painter.context.fillStyle = colours.fill(fns[slot], depths[slot]);
      painter.context.fillRect(x, height - tall, 1, tall);
    }
    this.tell(-1);
  }
}
