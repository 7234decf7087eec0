"""unittest.main finds the tests of __main__ and leaves with their status."""

import unittest


class TestThis(unittest.TestCase):
    def test_passes(self):
        assert self.id()

    def test_fails(self):
        self.fail("as it should")


if __name__ == "__main__":
    unittest.main()
