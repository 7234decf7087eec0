"""concurrent.futures with the default start method."""

from concurrent.futures import ProcessPoolExecutor


class Job:
    def __init__(self, n):
        self.n = n

    def __call__(self):
        return self.n + 1


def call(job):
    return job()


if __name__ == "__main__":
    with ProcessPoolExecutor(2) as pool:
        print(list(pool.map(call, [Job(1), Job(2)])))
