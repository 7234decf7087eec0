"""argparse: sub-commands, help, types, an error that ends the program."""

import argparse

parser = argparse.ArgumentParser(prog="prog", description="A program.")
parser.add_argument("-v", "--verbose", action="count", default=0, help="more")
parser.add_argument("--size", type=int, choices=range(5), metavar="N")
commands = parser.add_subparsers(dest="command", required=True)
add = commands.add_parser("add", help="add things", aliases=["a"])
add.add_argument("things", nargs="+", type=float)
remove = commands.add_parser("remove")
group = remove.add_mutually_exclusive_group()
group.add_argument("--all", action="store_true")
group.add_argument("--one", action="append")
print(parser.parse_args(["-vv", "add", "1", "2.5"]))
print(parser.parse_args(["--size=3", "remove", "--one", "x", "--one", "y"]))
parser.print_help()
remove.print_usage()
parser.parse_args(["remove", "--all", "--one", "x"])
