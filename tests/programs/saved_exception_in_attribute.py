"""An exception kept by the object that failed: a cycle through its own frame."""

from __future__ import annotations

import gc
import weakref


class Job:
    def run(self):
        try:
            self.step()
        except ValueError as error:
            self.error = error

    def step(self):
        raise ValueError("step")


def main():
    gc.disable()
    try:
        job = Job()
        alive = weakref.ref(job)
        job.run()
        del job
        kept = alive() is not None
        if kept:
            alive().error = None
    finally:
        gc.enable()
    return kept, alive() is None
