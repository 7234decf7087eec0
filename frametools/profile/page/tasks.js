// Tasks: what stands on their roots, what the panel says of them, and their table.

// Of a comparison it is the number in the mean run.
function taskCount({ tasks, was }, at) {
  return Math.round(tasks.counts[at] / (was ? was.new.runs : 1));
}

function taskLabel(facts, at) {
  const { labels, kinds } = facts.tasks;
  const several = kinds[at] > 1 ? ` of ${count(kinds[at])} names and coroutines` : "";
  return [labels[at], plural(taskCount(facts, at), "task") + several];
}

// The figures of the tasks of a kind, all threads added up: of the root that stands for
// them, which is the one after those of the kinds before it.
function taskSums(app, at) {
  const tree = app.treeOf("tasks", false);
  const names = ["calls", "cpu", "wall", "await"];
  return Object.fromEntries(names.map((name) => [name, tree.total(name)[at + 1]]));
}

// What the panel says of tasks beside times and calls.
function taskFigures(app, at) {
  const { facts } = app;
  const often = taskCount(facts, at);
  const sums = taskSums(app, at);
  return [
    ["Tasks", count(often)],
    !facts.was && ["Steps", count(facts.tasks.steps[at])],
    often && ["Each lasted", duration((sums.wall + sums.await) / often), "on average"],
  ];
}

// Where there are tasks their table has a tab; it is made when it is first seen.
function showTasks(app) {
  const { tasks, was } = app.facts;
  const tab = byId("tab-tasks");
  tab.hidden = !tasks || Boolean(was);
  if (tab.hidden) return;
  tab.append(made("span", "badge", count(tasks.counts.reduce((a, b) => a + b))));
  tab.addEventListener("click", () => fillTasks(app), { once: true });
}

function fillTasks(app) {
  const { labels } = app.facts.tasks;
  const sums = labels.map((_, at) => taskSums(app, at));
  const most = sums.reduce((a, { cpu }) => Math.max(a, cpu), 1);
  const lines = sums.map((each, at) => taskRow(app, at, each, each.cpu / most));
  byId("tasks-body").replaceChildren(...lines, restRow(app, sums));
}

function taskRow(app, at, sums, part) {
  const { labels, places, counts, steps } = app.facts.tasks;
  const pick = button("link", elided(labels[at]), () => pickTask(app, at));
  const place = made("span", "place", elided(places[at]));
  const head = made("th", "text", made("div", "of-function", [pick, place]));
  head.scope = "row";
  head.title = `${labels[at]}  ${places[at]}`;
  const lasted = counts[at] ? (sums.wall + sums.await) / counts[at] : 0;
  const [calls, cpu, ...times] = taskCells({ ...sums, lasted });
  cpu.append(bar(part));
  const often = [counts[at], steps[at]].map((value) => taskCell(value, count));
  return made("tr", "", [head, ...often, calls, cpu, ...times]);
}

// What is left of the whole: event loops and their callbacks, and all else.
function restRow(app, sums) {
  const left = (name) => {
    const inTasks = sums.reduce((sum, each) => sum + each[name], 0);
    return Math.max(0, app.base.total(name)[0] - inTasks);
  };
  const head = made("th", "text", made("i", "quiet", "in no task"));
  head.scope = "row";
  const rest = { calls: left("calls"), cpu: left("cpu"), wall: left("wall") };
  const often = [0, 0].map((value) => taskCell(value, count));
  const cells = taskCells({ ...rest, await: 0, lasted: 0 });
  return made("tr", "", [head, ...often, ...cells]);
}

function taskCells({ calls, cpu, wall, await: awaited, lasted }) {
  const times = [cpu, wall, awaited, lasted];
  return [taskCell(calls, count), ...times.map((value) => taskCell(value, duration))];
}

function taskCell(value, form) {
  const cell = made("td", value ? "" : "zero", value ? form(value) : "–");
  if (form === duration) cell.title = `${count(value)} ns`;
  return cell;
}

// Shows the roots by task, and picks one of them.
function pickTask(app, at) {
  app.set({ group: "tasks", inverted: "no" });
  app.pick(at + 1, { reveal: app.layout.place[at + 1] >= 0 });
}
