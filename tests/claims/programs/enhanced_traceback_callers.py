"""The traceback has only frames that the exception left; callers are by f_back."""


def parse_number(s):
    try:
        return int(s)
    except ValueError as error:
        entry = error.__traceback__
        callers.append(entry.tb_frame.f_back.f_code.co_name)
        while entry is not None:
            names.append(entry.tb_frame.f_code.co_name)
            entry = entry.tb_next


names, callers = [], []
parse_number("abc")
assert names == ["parse_number"]
assert callers == ["<module>"]
