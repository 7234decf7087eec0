"""3.11's TaskObj_traverse drops what FutureObj_traverse returns."""

from __future__ import annotations

from _fact import Fact, python

CODE = """
import asyncio, gc
async def main():
    async def fail():
        raise ValueError
    task = asyncio.ensure_future(fail())
    await asyncio.wait([task])
    error = task.exception()
    referrers = any(each is task for each in gc.get_referrers(error))
    referents = any(each is error for each in gc.get_referents(task))
    print("get_referrers", referrers, "get_referents", referents)
asyncio.run(main())
"""

FACT = Fact(
    "a task and its exception",
    {
        (3, 11): "get_referrers False get_referents True",
        (3, 12): "get_referrers True get_referents True",
    },
    lambda: python(CODE),
    "retention",
)

if __name__ == "__main__":
    FACT.check()
