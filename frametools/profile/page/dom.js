// Elements, made of text only: nothing from the data is ever read as markup.

function made(tag, className = "", content = []) {
  const element = document.createElement(tag);
  if (className) element.className = className;
  element.append(...[content].flat());
  return element;
}

const LAST = 16;

// A text that loses its middle where room is short: of a name or a path the end says
// most, and the beginning the rest.
function elided(text) {
  if (text.length < 2 * LAST) return text;
  return made("span", "elided", [
    made("span", "", text.slice(0, -LAST)),
    made("span", "", text.slice(-LAST)),
  ]);
}

function byId(id) {
  return document.getElementById(id);
}

function button(className, content, action) {
  const element = made("button", className, content);
  element.type = "button";
  element.addEventListener("click", action);
  return element;
}

// A bar of a share of 0 to 1; its figure stands beside it, so it has no voice.
function bar(part, fill) {
  const inner = made("span", "");
  inner.style.width = `${Math.max(0, Math.min(1, part)) * 100}%`;
  if (fill) inner.style.background = fill;
  const element = made("span", "meter", inner);
  element.setAttribute("aria-hidden", "true");
  return element;
}
