"""The traceback in a `with` has the frames outside it, down to the module."""


def parse_number(s):
    try:
        return int(s)
    except ValueError as error:
        entry = error.__traceback__
        while entry is not None:
            names.append(entry.tb_frame.f_code.co_name)
            entry = entry.tb_next


names = []
parse_number("abc")
assert "<module>" in names
