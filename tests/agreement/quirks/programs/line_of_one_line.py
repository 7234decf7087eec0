"""A function on one line has no LINE of its own."""

from watching import told

function = lambda: None  # noqa: E731
function()
function()
assert told(["LINE"], function) == []
