// Fills of the frames. A mode gives a fill per function, or per row; another mode is
// another entry here, shown where `has` says that the data can feed it.

const GOLDEN_ANGLE = 137.5;
const WHOSE = ["program", "installed", "standard library", "C"];
const SHADES = {
  light: {
    module: [
      [0.83, 0.105],
      [0.865, 0.065],
      [0.895, 0.045],
      [0.885, 0],
    ],
    heat: [
      [0.94, 0.025, 95],
      [0.7, 0.185, 38],
    ],
    row: [0.86, 0.075],
    change: {
      less: [0.76, 0.115, 250],
      same: [0.915, 0.004],
      more: [0.755, 0.155, 45],
    },
    thread: "oklch(0.875 0.01 85)",
    task: "oklch(0.87 0.035 260)",
    faded: "oklch(0.935 0.005 85)",
  },
  dark: {
    module: [
      [0.5, 0.105],
      [0.43, 0.07],
      [0.385, 0.042],
      [0.36, 0],
    ],
    heat: [
      [0.31, 0.02, 80],
      [0.62, 0.19, 38],
    ],
    row: [0.45, 0.085],
    change: {
      less: [0.52, 0.14, 255],
      same: [0.345, 0.008],
      more: [0.56, 0.17, 40],
    },
    thread: "oklch(0.34 0.012 260)",
    task: "oklch(0.37 0.05 262)",
    faded: "oklch(0.265 0.004 260)",
  },
};

function moduleOf(facts, fn) {
  const [name, whose] = facts.files[facts.file[fn]];
  if (!name) return "C";
  const plain = name.replace(/\.pyw?$/, "").replace(/\/__init__$/, "");
  return whose === 0 ? plain : plain.split(/[/.]/)[0];
}

// The modules with their functions' weight, the heaviest first.
function rankedModules({ facts, functions }) {
  const found = new Map();
  for (const { fn, own } of functions.called) {
    const name = moduleOf(facts, fn);
    const whose = facts.is_c[fn] ? 3 : facts.files[facts.file[fn]][1];
    const module = found.get(name) || { name, whose, fns: [], weight: 0 };
    module.fns.push(fn);
    module.weight += own.wall || own.calls / 1e6;
    found.set(name, module);
  }
  return [...found.values()].sort((a, b) => b.weight - a.weight);
}

const COLOURS = {
  module: {
    label: "Module",
    has: () => true,
    make(app, shades) {
      const fills = [];
      const modules = rankedModules(app);
      modules.forEach((module, rank) => {
        const [light, chroma] = shades.module[module.whose];
        const hue = (48 + rank * GOLDEN_ANGLE) % 360;
        module.fill = `oklch(${light} ${chroma} ${hue.toFixed(1)})`;
        for (const fn of module.fns) fills[fn] = module.fill;
      });
      return { fill: (fn) => fills[fn], legend: modules };
    },
  },
  change: {
    label: "Change",
    has: ({ facts }) => facts.was,
    make: (app, shades) => colourChange(app, shades),
  },
  self: {
    label: "Self",
    has: () => true,
    make({ functions, metric }, shades) {
      const own = functions.rows.map((row) => row.own[metric]);
      const most = own.reduce((a, b) => Math.max(a, b), 0) || 1;
      const heat = (part) => mixed(shades.heat, Math.sqrt(part));
      const fills = own.map((value) => heat(value / most));
      const name = (part) => amount(metric, most * part);
      const legend = [0, 0.1, 0.4, 1].map((part) => ({
        name: name(part),
        fill: heat(part),
      }));
      const title = METRICS[plain(metric)].isBytes
        ? "bytes of the function itself"
        : "spent in the function itself";
      return { fill: (fn) => fills[fn], legend, title };
    },
  },
  depth: {
    label: "Depth",
    has: () => true,
    make(app, shades) {
      const [light, chroma] = shades.row;
      const hue = (row) => (255 + row * 16) % 360;
      const fill = (fn, row) => `oklch(${light} ${chroma} ${hue(row)})`;
      return { fill, legend: [] };
    },
  },
};

function mixed([from, to], part) {
  const [light, chroma, hue] = from.map((value, at) => value + (to[at] - value) * part);
  return `oklch(${light.toFixed(3)} ${chroma.toFixed(3)} ${hue.toFixed(1)})`;
}

function rootShade({ thread, task }, kind) {
  return kind === TASK ? task : thread;
}

function coloursOf(app, theme) {
  const shades = SHADES[theme];
  return { ...COLOURS[app.state.colour].make(app, shades), shades };
}
