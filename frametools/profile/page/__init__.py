"""The one-file HTML page: what `--html` and the `html` form write.

    CallTree -> _payload -> deflate, base64 --.
                  |- _bytes     memory         |
                  |- _sources   lines of code  |
                  '- _strip     depth by time  |
    *.html *.css *.js -----------------------> _assemble -> one file

The page computes self times and draws; Python only hands over the columns of the tree.
Its parts, in the order in which `_assemble` joins them:

    data times memory tree regroup invert layout    the numbers, without a document
    functions colours format change search          what is said about them
    dom draw stage splitter strip table alive source details    what is seen
    controls keys main                              what is done with it
"""
