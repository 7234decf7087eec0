"""Programs with `finally`, and that ask what they are handling."""

import sys
import traceback

from raise_programs import Boom, simple


def finally_runs():
    log = []
    try:
        try:
            simple()
        finally:
            log.append(repr(sys.exception()))
    except ValueError:
        log.append("outer")
    log.append(repr(sys.exception()))
    return log


def finally_returns():
    try:
        simple()
    finally:
        return 5


def finally_overrides_return():
    for i in range(3):
        try:
            return i
        finally:
            if i < 2:
                continue
            return "finally"


def finally_raises():
    try:
        simple()
    finally:
        {}["other"]


def pending_return():
    log = []

    def inner():
        try:
            return log.append("try") or "value"
        finally:
            log.append("finally")

    return inner(), log


def finally_in_loop():
    log = []
    for i in range(4):
        try:
            if i == 1:
                continue
            if i == 3:
                break
            log.append(i)
        finally:
            log.append(("f", i))
    return log


def else_clause():
    try:
        x = 1
    except ValueError:
        x = 2
    else:
        simple()
    finally:
        x = 3


def exc_info_at_points():
    log = [sys.exc_info()]
    try:
        simple()
    except ValueError:
        log.append(sys.exc_info()[:2])
        try:
            {}[3]
        except KeyError:
            log.append(sys.exc_info()[:2])
        log.append(sys.exc_info()[:2])
    log.append(sys.exc_info())
    return repr(log)


def exc_info_in_callee():
    def look():
        return repr(sys.exception())

    log = [look()]
    try:
        simple()
    except ValueError:
        log.append(look())
        log.append(max([1, 2], key=lambda n: log.append(look()) or n))
    log.append(look())
    return log


def format_exc():
    try:
        simple()
    except ValueError:
        return traceback.format_exc()


def notes():
    try:
        simple()
    except ValueError as error:
        error.add_note("first note")
        error.add_note("second")
        raise


def assertion():
    assert 1 == 2, "no"


def try_in_while():
    n = 0
    while True:
        try:
            n += 1
            if n % 2:
                raise ValueError(n)
            if n > 5:
                break
        except ValueError as error:
            kept = str(error)
    return n, kept


def keyboard_interrupt():
    try:
        raise KeyboardInterrupt
    except Exception:
        return "wrong"
    finally:
        del_me = 1


def system_exit():
    try:
        sys.exit(3)
    except SystemExit as error:
        return error.code


def error_in_finally_after_return():
    def inner():
        try:
            return 1
        finally:
            raise Boom("instead")

    inner()


def context_after_handled():
    try:
        simple()
    except ValueError:
        sys.exc_info()
    {}["no context"]
