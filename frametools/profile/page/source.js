// Source lines of a function, with the words of Python told apart.

const TOKENS = new RegExp(
  [
    "(#.*$)",
    "([rbfuRBFU]{0,2}(?:\"\"\".*?(?:\"\"\"|$)|'''.*?(?:'''|$)" +
      "|\"(?:[^\"\\\\]|\\\\.)*\"?|'(?:[^'\\\\]|\\\\.)*'?))",
    "\\b(and|as|assert|async|await|break|class|continue|def|del|elif|else|except|" +
      "finally|for|from|global|if|import|in|is|lambda|nonlocal|not|or|pass|raise|" +
      "return|try|while|with|yield|None|True|False)\\b",
    "(@[\\w.]+)",
    "\\b(\\d[\\w.]*)\\b",
  ].join("|"),
  "g",
);
const TOKEN_KINDS = ["comment", "string", "keyword", "decorator", "number"];

function sourceOf({ facts }, fn) {
  const source = facts.sources[fn];
  if (!source) return null;
  const margin = Math.min(
    ...source.lines
      .filter((line) => line.trim())
      .map((line) => /^ */.exec(line)[0].length),
  );
  const state = { open: "" };
  const lines = source.lines.map((line, at) => {
    const code = made("code", "", tokens(line.slice(margin), state));
    const number = made("span", "number", String(facts.line[fn] + at));
    return made("li", "", [number, code]);
  });
  return made("section", "source", [
    made(
      "h3",
      "",
      ["Source", source.note && made("span", "badge warn", source.note)].filter(
        Boolean,
      ),
    ),
    made("ol", "", lines),
  ]);
}

// `state.open` are the quotes of a string that a line before has left open.
function tokens(line, state) {
  const found = [];
  let end = 0;
  if (state.open) {
    const close = line.indexOf(state.open);
    end = close < 0 ? line.length : close + 3;
    if (close >= 0) state.open = "";
    found.push(made("span", "string", line.slice(0, end)));
  }
  TOKENS.lastIndex = end;
  for (let match; (match = TOKENS.exec(line));) {
    if (match.index > end) found.push(line.slice(end, match.index));
    const kind = TOKEN_KINDS[match.slice(1).findIndex((group) => group !== undefined)];
    found.push(made("span", kind, match[0]));
    const quotes = /^\w*("""|''')/.exec(match[0]);
    const isOpen = quotes && match[0].split(quotes[1]).length === 2;
    if (isOpen) state.open = quotes[1];
    end = match.index + match[0].length;
  }
  if (end < line.length) found.push(line.slice(end));
  return found;
}
