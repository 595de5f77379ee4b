#!/usr/bin/env python3
"""Take the README's pictures from the running program: build the demo, serve it, photograph its pages."""

import contextlib
import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

from selenium import webdriver
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.by import By
from selenium.webdriver.support.ui import WebDriverWait

IMAGES = Path(__file__).parent.parent / "docs" / "images"
BROWSER_FLAGS = (
    "--headless=new",
    "--no-sandbox",
    "--use-angle=swiftshader",
    "--enable-unsafe-swiftshader",
    "--ignore-gpu-blocklist",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-quic",
    "--hide-scrollbars",
)
SHOTS = {
    "command.png": ("/command", 1920, 1080),
    "command-street.png": ("/command?area=110108011", 1920, 1080),
    "command-en-light.png": ("/command?lang=en&theme=light", 1920, 1080),
    "command-near.png": (
        "/command?area=110108011&sel=building:110108011010B00021&view=116.3199,39.9799,16.6,55,20",
        1920,
        1080,
    ),
    "building.png": ("/building/110108011010B00021", 1920, 1080),
    "command-phone.png": ("/command", 390, 844),
}
READY_WITHIN_S = 180


def free_port() -> int:
    """Port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextlib.contextmanager
def served(data: Path) -> Iterator[str]:
    """Build the demo if it is not there, serve it, and give its address."""
    port = free_port()
    environment = {**os.environ, "CITYDECK_DATA": str(data)}
    command = [sys.executable, "-m", "app.cli"]
    subprocess.run([*command, "demo", "--no-serve"], check=True, env=environment)
    server = subprocess.Popen([*command, "serve", "--port", str(port)], env=environment)
    address = f"http://127.0.0.1:{port}"
    try:
        deadline = time.monotonic() + READY_WITHIN_S
        while time.monotonic() < deadline:
            try:
                with urllib.request.urlopen(f"{address}/readyz", timeout=5):  # noqa: S310 - our own address
                    break
            except (urllib.error.URLError, ConnectionError):
                time.sleep(0.3)
        yield address
    finally:
        server.terminate()
        server.wait(timeout=30)


def photograph(address: str, path: str, width: int, height: int, out: Path) -> None:
    """Open a page, wait until the scene is drawn, and save what the window shows."""
    options = webdriver.ChromeOptions()
    options.binary_location = "/usr/bin/chromium"
    for flag in (*BROWSER_FLAGS, f"--window-size={width},{height}", "--lang=zh-CN"):
        options.add_argument(flag)
    browser = webdriver.Chrome(service=Service("/usr/bin/chromedriver"), options=options)
    try:
        # The window has a frame of its own; the device metrics are what the page sees.
        metrics = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < height}
        browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)
        browser.get(f"{address}{path}")
        wait = WebDriverWait(browser, READY_WITHIN_S)
        wait.until(lambda page: page.find_elements(By.CSS_SELECTOR, "[data-ready='true']"))
        browser.save_screenshot(str(out))
        print(out.name)
    finally:
        browser.quit()


def main() -> None:
    """Photograph every page of `SHOTS`."""
    IMAGES.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, served(Path(os.environ.get("CITYDECK_DATA", folder))) as address:
        for name, (path, width, height) in SHOTS.items():
            photograph(address, path, width, height, IMAGES / name)


if __name__ == "__main__":
    main()
