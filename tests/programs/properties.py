"""Attributes that run code when read, set and deleted."""

from __future__ import annotations


class Temperature:
    def __init__(self):
        self._celsius = 0

    @property
    def celsius(self):
        return self._celsius

    @celsius.setter
    def celsius(self, value):
        self._celsius = value

    @celsius.deleter
    def celsius(self):
        self._celsius = None

    @property
    def fahrenheit(self):
        return self.celsius * 9 / 5 + 32


def main():
    t = Temperature()
    t.celsius = 100
    hot = t.fahrenheit
    del t.celsius
    return hot, t.celsius
