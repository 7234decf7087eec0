"""except*: split, nested groups, raised in handlers, what is left."""


def run(group):
    try:
        try:
            raise group
        except* ValueError as part:
            print("values", part.exceptions)
        except* (TypeError, KeyError) as part:
            print("types", part.exceptions)
            raise RuntimeError("in handler")
        else:
            print("else")
        finally:
            print("finally")
    except BaseException as error:
        print(repr(error), repr(error.__context__))
        if isinstance(error, BaseExceptionGroup):
            print(error.subgroup(OSError), error.split(RuntimeError))


run(ExceptionGroup("g", [ValueError(1), ValueError(2)]))
run(
    ExceptionGroup("g", [ValueError(1), ExceptionGroup("h", [OSError(3), KeyError(4)])])
)
run(TypeError("naked"))
run(BaseExceptionGroup("b", [KeyboardInterrupt()]))
raise ExceptionGroup("uncaught", [ValueError("x"), ExceptionGroup("y", [OSError("z")])])
