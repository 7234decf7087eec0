// Painting: rows of frames on a canvas. What is narrower than a pixel is skipped over,
// so that the work depends on the size of the canvas and not on that of the tree; what
// is left of it, slivers of one pixel, is painted colour by colour.

const ROW = 20;
const TEXT_ROOM = 18;
const PADDING = 6;

class Painter {
  constructor(canvas) {
    this.context = canvas.getContext("2d");
    this.canvas = canvas;
    this.widths = new Map();
  }

  // Fits the canvas to its box, in pixels of the device.
  resize(width, height) {
    const ratio = window.devicePixelRatio || 1;
    this.canvas.width = Math.round(width * ratio);
    this.canvas.height = Math.round(height * ratio);
    this.context.setTransform(ratio, 0, 0, ratio, 0, 0);
    Object.assign(this, { width, height });
  }

  // `scene`: layout, left and right (what is seen of it), yOf(row), first and last row,
  // colours, hits, label(node), ink and dim (colours of text), picked (a function).
  paint(scene) {
    const { context } = this;
    context.clearRect(0, 0, this.width, this.height);
    context.textBaseline = "middle";
    context.font = scene.font;
    this.labels = [];
    this.slivers = new Map();
    this.wide = [];
    for (let row = scene.first; row <= scene.last; row++) this.sortRow(scene, row);
    for (const [fill, path] of this.slivers) {
      context.fillStyle = fill;
      context.fill(path);
    }
    for (const frame of this.wide) this.frame(scene, frame);
    for (const { text, x, y, ink } of this.labels) {
      context.fillStyle = ink;
      context.fillText(text, x, y);
    }
  }

  // Parts a row into what is wide enough to be drawn as a frame, and slivers.
  sortRow(scene, row) {
    const { layout, left, right } = scene;
    const { left: starts, right: ends, node } = layout;
    const end = layout.rows[row + 1];
    const scale = this.width / (right - left);
    const y = scene.yOf(row);
    let at = after(ends, left, layout.rows[row], end);
    while (at < end && starts[at] < right) {
      const x = (starts[at] - left) * scale;
      const width = (ends[at] - starts[at]) * scale;
      if (width >= 1) {
        const span = { x: Math.max(0, x), end: Math.min(this.width, x + width) };
        this.wide.push({ node: node[at], row, y, ...span });
        at++;
      } else {
        const pixel = Math.floor(x);
        this.sliver(this.fillOf(scene, node[at], row), pixel, y);
        at = after(ends, left + (pixel + 1) / scale, at + 1, end);
      }
    }
  }

  sliver(fill, x, y) {
    let path = this.slivers.get(fill);
    if (!path) this.slivers.set(fill, (path = new Path2D()));
    path.rect(x, y, 1, ROW - 1);
  }

  fillOf({ layout: { tree }, colours, hits }, node, row) {
    if (hits && !isHit(hits, tree, node)) return colours.shades.faded;
    if (tree.isRoot(node)) return rootShade(colours.shades, tree.kind[node]);
    return colours.fill(tree.fn[node], row, node);
  }

  frame(scene, { node, row, x, end, y }) {
    const { context } = this;
    const { tree } = scene.layout;
    const gap = end - x > 3 ? 1 : 0;
    const width = end - x - gap;
    context.fillStyle = this.fillOf(scene, node, row);
    if (width > 6) {
      context.beginPath();
      context.roundRect(x, y, width, ROW - 1, 2.5);
      context.fill();
    } else {
      context.fillRect(x, y, width, ROW - 1);
    }
    if (scene.picked === tree.fn[node] && !tree.isRoot(node)) {
      context.fillStyle = scene.accent;
      context.fillRect(x, y + ROW - 3, width, 2);
    }
    if (width > TEXT_ROOM) this.label(scene, node, x, width, y);
  }

  label(scene, node, x, width, y) {
    const [name, place] = scene.label(node);
    const room = width - 2 * PADDING;
    const text = this.fitted(name, room);
    if (!text) return;
    const isFaded = scene.hits && !isHit(scene.hits, scene.layout.tree, node);
    const at = { x: x + PADDING, y: y + ROW / 2 };
    this.labels.push({ text, ...at, ink: isFaded ? scene.dim : scene.ink });
    const used = this.widthOf(name) + 10;
    if (text === name && place && used + this.widthOf(place) <= room) {
      this.labels.push({ text: place, x: at.x + used, y: at.y, ink: scene.dim });
    }
  }

  // The whole name; else its last part, which no other of the class has; else a start.
  fitted(text, room) {
    if (this.widthOf(text) <= room) return text;
    const own = text.slice(text.lastIndexOf(".") + 1);
    const last = `…${own}`;
    if (own && own !== text && this.widthOf(last) <= room) {
      const kept = this.kept(text, room - this.widthOf(last));
      return kept < 4 ? last : text.slice(0, kept) + last;
    }
    const kept = this.kept(own || text, room - 8);
    return kept < 2 ? "" : `${(own || text).slice(0, kept)}…`;
  }

  // How many characters of a text fit into a room, about.
  kept(text, room) {
    return Math.floor((text.length * room) / this.widthOf(text));
  }

  widthOf(text) {
    let width = this.widths.get(text);
    if (width === undefined) {
      width = this.context.measureText(text).width;
      this.widths.set(text, width);
    }
    return width;
  }
}

function isHit(hits, tree, node) {
  return !tree.isRoot(node) && hits.isMatch[tree.fn[node]] === 1;
}

// The marks of a scale from 0: about `wanted`, with a whole step of 1, 2 or 5, or of
// a power of two where bytes are counted.
function marks(to, wanted, isBytes) {
  const rough = Math.max(1, to / wanted);
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = isBytes
    ? 2 ** Math.ceil(Math.log2(rough))
    : [1, 2, 5, 10].find((each) => each * power >= rough) * power;
  const found = [];
  for (let at = 0; at < to; at += step) found.push(at);
  return found;
}
