"""Doctests of __main__.

>>> double(2)
4
>>> double(3)
7
"""

import doctest


def double(n):
    """
    >>> double("a")
    'aa'
    """
    return n * 2


print(doctest.testmod())
