"""A program that calls nothing."""

from __future__ import annotations


def main():
    return None
