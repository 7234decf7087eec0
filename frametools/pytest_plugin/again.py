"""A test is run once more: what it leaves the first time only is a cache."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from _pytest.runner import runtestprotocol

if TYPE_CHECKING:
    import pytest


def run_again(item: pytest.Item, nextitem: pytest.Item | None) -> bool:
    """Run setup, call and teardown of a test again; returns whether all passed.

    Nothing is logged. Fixtures of wider scope that have ended are set up again.
    """
    test: Any = item
    test.__dict__.pop("_report_sections", None)
    test._report_sections = []
    if hasattr(test, "_initrequest"):
        test._initrequest()
    properties = list(test.user_properties)
    reports = runtestprotocol(item, log=False, nextitem=nextitem)
    test.user_properties[:] = properties
    return all(report.passed for report in reports)
