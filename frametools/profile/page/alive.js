// The frames that were alive at exit, where the run was asked for them.

function showAlive(app) {
  const { alive } = app.facts;
  byId("tab-alive").hidden = !alive;
  if (!alive) return;
  const frames = alive.rows.reduce((sum, row) => sum + row.frames, 0);
  const size = alive.rows.reduce((sum, row) => sum + row.size, 0);
  byId("tab-alive").append(made("span", "badge", count(frames)));
  const isLeast = alive.left_out || alive.rows.some((row) => row.is_least);
  const amount = `${isLeast ? "≥ " : ""}${bytes(size)}`;
  const kept = `${plural(frames, "frame")} alive at exit, ${amount}`;
  const rest = alive.left_out ? `; ${plural(alive.left_out, "more row")} not kept` : "";
  const { base } = app;
  const shown = base.own.kept ? base.total("kept")[0] : size;
  const outside = shown < size ? `; ${bytes(size - shown)} not in the graph` : "";
  byId("alive-note").textContent = alive.rows.length
    ? `${kept}${rest}${outside}. ${alive.last}`
    : `No frame was alive at exit. ${alive.last}`;
  byId("alive-table").hidden = !alive.rows.length;
  const most = alive.rows.reduce((a, row) => Math.max(a, row.size), 1);
  byId("alive-body").replaceChildren(
    ...alive.rows.map((row) => aliveRow(app, row, most)),
  );
}

function aliveRow(app, row, most) {
  const place = row.line ? `${row.filename}:${row.line}` : row.filename;
  const isCalled = app.functions.rows[row.fn]?.places > 0;
  const pick = button("link", row.function, () => app.pickFunction(row.fn));
  const words = [isCalled ? pick : row.function, made("span", "place", place)];
  const name = made("th", "text", words);
  name.scope = "row";
  const size = made("td", "", [bytes(row.size), bar(row.size / most)]);
  return made("tr", "", [
    name,
    made("td", row.frames ? "" : "zero", row.frames ? count(row.frames) : "–"),
    size,
    made("td", "text", made("span", "kind", row.kind)),
    made("td", "text held", row.held),
  ]);
}

// What is alive of one function, in words; "" for nothing.
function aliveOf({ alive, was }, { fn, places }) {
  const rows = alive ? alive.rows.filter((row) => row.fn === fn) : [];
  if (!rows.length) return "";
  const frames = rows.reduce((sum, row) => sum + row.frames, 0);
  const size = rows.reduce((sum, row) => sum + row.size, 0);
  const held = [...new Set(rows.map((row) => row.held))].join(", ");
  const what = frames ? plural(frames, "frame") : "a caller of one";
  const text = `Alive at exit: ${what}, ${bytes(size)}, held by ${held}.`;
  if (places < 2 || was) return text;
  return `${text} Its ${count(places)} places in the graph share these bytes.`;
}
