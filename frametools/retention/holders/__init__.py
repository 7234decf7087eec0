"""Who holds a kept frame: backwards from it to what lives long, and its name.

search   level by level to the roots       roots    what lives long
edges    what one reference is called      kinds    what kind it is, in words
paths    a way as Python would write it    unseen   what can only be counted
labelling   all children of one parent at once
"""
