"""assert: with a message that is evaluated only on failure, and without one."""

from __future__ import annotations

log = []


def message(text):
    log.append(text)
    return text


def attempt(condition, *text):
    try:
        if text:
            assert condition, message(text[0])
        else:
            assert condition
    except AssertionError as error:
        return error.args
    return "passed"


def shadowed():
    AssertionError = KeyError  # noqa: A001
    try:
        assert not AssertionError, "the builtin all the same"
    except Exception as error:
        return type(error).__name__


def main():
    log.clear()
    seen = [attempt(True), attempt(True, "unread"), attempt(0), attempt("", "read")]
    return seen, attempt([], ("a", "tuple")), shadowed(), list(log)
