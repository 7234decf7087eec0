"""Which handler takes an exception: tuples, bases, order, what is none."""

from __future__ import annotations


class Mine(LookupError):
    pass


def which(error):
    try:
        raise error
    except (KeyError, IndexError):
        return "tuple"
    except LookupError:
        return "base"
    except (ValueError, TypeError) as error:
        return "named", error.args
    except:  # noqa: E722
        return "any"


def wrong(handled):
    try:
        try:
            raise ValueError
        except handled:
            return "taken"
    except TypeError as error:
        return str(error)
    except ValueError:
        return "passed"


def computed():
    seen = []

    def kind(name):
        seen.append(name)
        return {"a": KeyError, "b": ValueError, "c": TypeError}[name]

    try:
        raise ValueError
    except kind("a"):
        pass
    except kind("b"):
        seen.append("handled")
    except kind("c"):
        pass
    return seen


def main():
    kinds = [KeyError, Mine, TypeError(1), GeneratorExit, IndexError()]
    return [which(k) for k in kinds], wrong(3), wrong(()), computed()
