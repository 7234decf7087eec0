"""signal.set_wakeup_fd, and asyncio's signal handlers."""

import asyncio
import os
import signal
import socket

left, right = socket.socketpair()
for end in (left, right):
    end.setblocking(False)
print(signal.set_wakeup_fd(left.fileno()))
signal.signal(signal.SIGUSR1, lambda *arguments: None)
os.kill(os.getpid(), signal.SIGUSR1)
print(right.recv(10) == bytes([signal.SIGUSR1]))
print(signal.set_wakeup_fd(-1) == left.fileno())
left.close()
right.close()


async def main():
    loop, got = asyncio.get_running_loop(), asyncio.Event()
    loop.add_signal_handler(signal.SIGUSR2, got.set)
    os.kill(os.getpid(), signal.SIGUSR2)
    await got.wait()
    print("signal arrived")


asyncio.run(main())
