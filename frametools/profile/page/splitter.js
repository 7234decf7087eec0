// The handle between graph and tables: dragged, or moved with the arrow keys.

function makeSplitter() {
  const handle = byId("splitter");
  const scroller = byId("scroller");
  const set = (height) => {
    const most = byId("left").clientHeight - 220;
    const chosen = Math.round(Math.max(100, Math.min(most, height)));
    scroller.style.setProperty("--graph-height", `${chosen}px`);
    scroller.style.setProperty("--graph-most", "none");
    handle.setAttribute("aria-valuenow", String(chosen));
  };
  handle.addEventListener("pointerdown", (event) => {
    const from = scroller.clientHeight - event.clientY;
    handle.setPointerCapture(event.pointerId);
    handle.onpointermove = (moved) => set(from + moved.clientY);
  });
  handle.addEventListener("pointerup", () => (handle.onpointermove = null));
  handle.addEventListener("keydown", (event) => {
    const by = { ArrowUp: -ROW, ArrowDown: ROW }[event.key];
    if (!by) return;
    set(scroller.clientHeight + by);
    event.preventDefault();
    event.stopPropagation();
  });
}
