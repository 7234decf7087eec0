"""Who called whom: the frames of the stack, from the innermost to the module."""

from frametools import walk


def deep_call() -> None:
    """Show the frames, of which none is kept."""
    for number, place in enumerate(walk()):
        print(f"  [{number}] {place}")
        if place.name == "<module>":
            break  # below is what runs the program, if there is any


def middle() -> None:
    """Stand between."""
    deep_call()


def top() -> None:
    """Be called by the module."""
    middle()


top()
