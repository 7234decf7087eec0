"""threading.local: a value for each thread, with an __init__ in each."""

from __future__ import annotations

import threading


class Local(threading.local):
    def __init__(self, start):
        log.append("init")
        self.value = start


log = []


def work(local, plain, results):
    local.value += 1
    results.append((local.value, hasattr(plain, "x")))


def main():
    log.clear()
    local, plain, results = Local(5), threading.local(), []
    plain.x = 1
    local.value = "main's"
    for n in range(2):
        given = local, plain, results
        thread = threading.Thread(target=work, args=given, name=f"local-{n}")
        thread.start()
        thread.join()
    return local.value, plain.x, results, list(log)
