"""What programs say of an act: its value, or how it fails."""


def said(act, *args):
    """Return what an act returns, or what it raises, in words."""
    try:
        return repr(act(*args))
    except Exception as error:
        return f"{type(error).__name__}: {error}"
