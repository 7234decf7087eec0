"""Leaks as text and as a file; what to do about them.

text   the report     advice   its `let go` line     places   names and paths
file   the JSON document
"""
