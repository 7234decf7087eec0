"""`frametools diff OLD NEW`: what changed between runs, function by function.

    command       the options, and where the comparison goes
    comparison    sides, means, the noise between runs of a side, rows by function
    text          the table
    as_json       the same for programs
    html          the page: profile/page, with the old figures beside the new

Functions are matched by calltree/matching.
"""
