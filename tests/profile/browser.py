"""Drives headless Chromium through its debugging pipe: no driver, no web socket."""

from __future__ import annotations

import base64
import fcntl
import json
import os
import select
import shutil
import subprocess
import tempfile
import time
from pathlib import Path
from typing import Any

NAMES = ("chromium", "chromium-browser", "google-chrome", "chrome")
FLAGS = (
    "--headless=new --no-sandbox --disable-gpu --hide-scrollbars --no-first-run "
    "--disable-dev-shm-usage --disable-extensions --disable-background-networking "
    "--disable-component-update --disable-sync --mute-audio --remote-debugging-pipe "
    "--enable-unsafe-swiftshader"  # WebGL, which speedscope draws with
).split()
FLAGS.append("--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1")  # no network
_ADVICE = ("willReadFrequently", "GL Driver Message")
"""What Chromium says of speed, when a test reads what is drawn or WebGL is in use."""
PATIENCE = 60
"""Seconds until an answer that does not come is an error."""


def find() -> str | None:
    """The path of a Chromium, if there is one."""
    return next(filter(None, map(shutil.which, NAMES)), None)


class BrowserError(Exception):
    """The browser ended, did not answer, or the page raised."""


class Browser:
    """One browser process; `open` makes pages in it."""

    def __init__(self, program: str) -> None:
        self._home = tempfile.TemporaryDirectory(ignore_cleanup_errors=True)
        out, self._write = _high_pipe()
        self._read, into = _high_pipe()
        # Sanitizers of ours must not be loaded into it.
        env = {key: value for key, value in os.environ.items() if "SAN_" not in key}
        env.pop("LD_PRELOAD", None)
        command = [program, *FLAGS, f"--user-data-dir={self._home.name}", "about:blank"]
        # The shell puts the pipes where the browser looks for them: 3 and 4.
        self._process = subprocess.Popen(
            ["bash", "-c", f'exec "$@" 3<&{out} 4>&{into}', "bash", *command],
            pass_fds=(out, into),
            env={**env, "HOME": self._home.name},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        os.close(out)
        os.close(into)
        self._number = 0
        self._buffer = b""
        self.events: list[dict[str, Any]] = []

    def send(self, method: str, session: str | None = None, **params: Any) -> Any:
        """Give a command, and wait for its answer; what else comes is an event."""
        self._number += 1
        message: dict[str, Any] = {"id": self._number, "method": method}
        message["params"] = params
        if session:
            message["sessionId"] = session
        os.write(self._write, json.dumps(message).encode() + b"\0")
        while True:
            answer = self._receive()
            if answer.get("id") == self._number:
                if "error" in answer:
                    raise BrowserError(f"{method}: {answer['error']['message']}")
                return answer["result"]
            self.events.append(answer)

    def _receive(self) -> dict[str, Any]:
        end = time.monotonic() + PATIENCE
        while b"\0" not in self._buffer:
            left = max(0.0, end - time.monotonic())
            if not select.select([self._read], [], [], left)[0]:
                raise BrowserError("no answer")
            data = os.read(self._read, 1 << 20)
            if not data:
                raise BrowserError("the browser has ended")
            self._buffer += data
        message, _, self._buffer = self._buffer.partition(b"\0")
        answer: dict[str, Any] = json.loads(message)
        return answer

    def open(self, path: Path, fragment: str = "") -> Page:
        """Open a page of ours in a new window, and wait until it is drawn."""
        page = self.window()
        page.go(path, fragment)
        return page

    def window(self) -> Page:
        """Open an empty window of 1280 x 800."""
        target = self.send("Target.createTarget", url="about:blank")["targetId"]
        attached = self.send("Target.attachToTarget", targetId=target, flatten=True)
        page = Page(self, target, attached["sessionId"])
        page.resize(1280, 800)
        return page

    def close(self) -> None:
        """End the process and all of its children."""
        try:
            self.send("Browser.close")
        except (BrowserError, OSError):
            pass
        try:
            self._process.wait(10)
        except subprocess.TimeoutExpired:
            os.killpg(self._process.pid, 9)
            self._process.wait()
        os.close(self._read)
        os.close(self._write)
        self._home.cleanup()


class Page:
    """One page, and what a person does with it."""

    def __init__(self, browser: Browser, target: str, session: str) -> None:
        self._browser = browser
        self._target = target
        self._session = session
        for domain in ("Page", "Runtime", "Log", "Network"):
            self.send(f"{domain}.enable")

    def send(self, method: str, **params: Any) -> Any:
        """Give a command to this page."""
        return self._browser.send(method, self._session, **params)

    def resize(self, width: int, height: int) -> None:
        """Give the page a size."""
        size = {"width": width, "height": height, "deviceScaleFactor": 1}
        self.send("Emulation.setDeviceMetricsOverride", mobile=False, **size)

    def prefer(self, scheme: str) -> None:
        """Prefer "light" or "dark"."""
        feature = {"name": "prefers-color-scheme", "value": scheme}
        self.send("Emulation.setEmulatedMedia", features=[feature])

    def go(self, path: Path, fragment: str = "") -> None:
        """Load a file, and wait until it is drawn."""
        self.send("Page.navigate", url=path.as_uri() + fragment)
        self.wait("performance.getEntriesByName('drawn').length")

    def wait(self, condition: str) -> None:
        """Wait until a JavaScript expression is true."""
        end = time.monotonic() + PATIENCE
        while not self.run(condition):
            if self.problems() or time.monotonic() > end:
                raise BrowserError(f"not true: {condition}; {self.problems()}")
            time.sleep(0.02)

    def run(self, code: str) -> Any:
        """Evaluate JavaScript; a promise is waited for."""
        asked = {"returnByValue": True, "awaitPromise": True, "userGesture": True}
        answer = self.send("Runtime.evaluate", expression=code, **asked)
        if "exceptionDetails" in answer:
            details = answer["exceptionDetails"]
            text = details.get("exception", {}).get("description", details["text"])
            raise BrowserError(text)
        return answer["result"].get("value")

    def settle(self) -> None:
        """Wait until what was asked for is drawn."""
        self.run("new Promise((r) => requestAnimationFrame(() => setTimeout(r)))")

    def text(self, selector: str) -> str:
        """The text of an element, as it is seen."""
        found = self.run(f"document.querySelector({json.dumps(selector)}).innerText")
        return " ".join(str(found).split())

    def texts(self, selector: str) -> list[str]:
        """The texts of all elements."""
        select_all = f"[...document.querySelectorAll({json.dumps(selector)})]"
        found: list[str] = self.run(f"{select_all}.map((each) => each.textContent)")
        return found

    def click(self, selector: str) -> None:
        """Click on an element."""
        self.run(f"document.querySelector({json.dumps(selector)}).click()")
        self.settle()

    def mouse(self, kind: str, x: float, y: float, **more: Any) -> None:
        """Send a mouse event of the protocol's kind."""
        self.send("Input.dispatchMouseEvent", type=kind, x=x, y=y, **more)

    def click_at(self, x: float, y: float, times: int = 1) -> None:
        """Click at a point of the window."""
        for number in range(1, times + 1):
            for kind in ("mousePressed", "mouseReleased"):
                self.mouse(kind, x, y, button="left", clickCount=number)
        self.settle()

    def press(self, *keys: str) -> None:
        """Press keys, by the names that events have."""
        for key in keys:
            text = {"text": key} if len(key) == 1 else {}
            for kind in ("keyDown", "keyUp"):
                how = text if kind == "keyDown" else {}
                self.send("Input.dispatchKeyEvent", type=kind, key=key, **how)
        self.settle()

    def problems(self) -> list[str]:
        """What the page complained of, or asked a network for."""
        found = []
        for event in self._browser.events:
            if event.get("sessionId") != self._session:
                continue
            method, params = event["method"], event["params"]
            if method == "Runtime.exceptionThrown":
                found.append(json.dumps(params["exceptionDetails"])[:600])
            elif method == "Log.entryAdded":
                text = params["entry"]["text"]
                if not any(word in text for word in _ADVICE):
                    found.append(text)
            elif method == "Network.requestWillBeSent":
                url = params["request"]["url"]
                if not url.startswith("file:"):
                    found.append(url)
        return found

    def screenshot(self, path: Path) -> None:
        """Write a PNG of what is seen."""
        data = self.send("Page.captureScreenshot", format="png")["data"]
        path.write_bytes(base64.b64decode(data))

    def close(self) -> None:
        """Close the page."""
        self._browser.send("Target.closeTarget", targetId=self._target)


def _high_pipe() -> tuple[int, int]:
    """A pipe whose ends are above those that the browser is to find them at."""
    ends = os.pipe()
    high = [fcntl.fcntl(end, fcntl.F_DUPFD_CLOEXEC, 20) for end in ends]
    for end in ends:
        os.close(end)
    return high[0], high[1]
