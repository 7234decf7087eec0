"""An asyncio server, its clients, a queue, a lock and a cancelled task: one process."""

import asyncio
import contextlib
import json


class Board:
    """What clients did, in an order that does not depend on the network."""

    def __init__(self):
        self.lock = asyncio.Lock()
        self.seen = {}

    async def note(self, client, value):
        async with self.lock:
            await asyncio.sleep(0)
            self.seen.setdefault(client, []).append(value)


async def serve(board, reader, writer):
    client = (await reader.readline()).decode().strip()
    with contextlib.closing(writer):
        async for line in reader:
            request = json.loads(line)
            match request:
                case {"op": "square", "n": int(n)}:
                    answer = {"result": n * n}
                case {"op": "fail"}:
                    answer = {"error": "asked to"}
                case _:
                    answer = {"error": f"what is {request}?"}
            await board.note(client, request.get("op"))
            writer.write(json.dumps(answer).encode() + b"\n")
            await writer.drain()


async def client(port, number, results):
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(b"client %d\n" % number)
    requests = [{"op": "square", "n": n + number} for n in range(5)]
    for request in [*requests, {"op": "fail"}, {"op": "other"}]:
        writer.write(json.dumps(request).encode() + b"\n")
        await writer.drain()
        answer = json.loads(await asyncio.wait_for(reader.readline(), 30))
        await results.put((number, answer))
    writer.close()
    await writer.wait_closed()


async def forever():
    try:
        await asyncio.Event().wait()
    except asyncio.CancelledError:
        print("cancelled")
        raise


async def main():
    board = Board()
    results = asyncio.Queue()
    server = await asyncio.start_server(
        lambda reader, writer: serve(board, reader, writer), "127.0.0.1", 0
    )
    port = server.sockets[0].getsockname()[1]
    waiting = asyncio.create_task(forever())
    async with server, asyncio.TaskGroup() as group:
        for number in range(6):
            group.create_task(client(port, number, results))
    waiting.cancel()
    await asyncio.gather(waiting, return_exceptions=True)
    found = sorted(
        (results.get_nowait() for _ in range(results.qsize())), key=json.dumps
    )
    for number, answer in found:
        print(number, answer)
    print({name: len(values) for name, values in sorted(board.seen.items())})


asyncio.run(main())
