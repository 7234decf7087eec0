"""Which frames are kept together, and by which reference from outside.

graph   exceptions, tracebacks, callers, generators, and what refers to what
grouping   an entry and all that it leads to; which are equal
cycles  strongly connected parts        growing   one exception again and again
"""
