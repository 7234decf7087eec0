"""tb_lineno stays at the failed line, while the frame's f_lineno moves on."""

from __future__ import annotations


def fail():
    try:
        raise ValueError
    except ValueError as error:
        traceback = error.__traceback__

    frame = traceback.tb_frame
    lines = traceback.tb_lineno, frame.f_lineno
    del frame
    return lines[1] - lines[0]


def several_lines():
    return len("a") + int(
        "x",
    )


def main():
    try:
        several_lines()
    except ValueError as error:
        entry = error.__traceback__.tb_next
        line = entry.tb_lineno - entry.tb_frame.f_code.co_firstlineno
        del entry
    return fail(), line
