"""The usual guard."""

import sys


def main(arguments):
    print("hello", arguments)
    return 4


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
