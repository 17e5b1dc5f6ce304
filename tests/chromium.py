"""Find a Chromium for the tests; ``python -m tests.chromium`` installs one where there is none, or says what to do."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

# Not chromium-headless-shell: it takes a quarter less of the processor, but closes a page without telling the page.
COMMANDS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
APPLICATIONS = (
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    r"C:\Program Files\Google\Chrome\Application\chrome.exe",
)
# A browser that minds its own business: nothing is asked of any other host.
FLAGS = ["--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync"]
FLAGS += ["--no-first-run"]
if hasattr(os, "geteuid") and os.geteuid() == 0:
    FLAGS.append("--no-sandbox")  # Chromium refuses to start as root otherwise

HELP = """No Chromium was found for the tests, and none could be installed. Do one of these:
  - install Chromium or Chrome (Debian, Ubuntu: apt install chromium),
  - run: python -m playwright install chromium
  - name one: ADVISOR_CHROMIUM=/path/to/chromium make test"""


def find_chromium() -> str | None:
    """The browser to use: $ADVISOR_CHROMIUM, else one on the system, else Playwright's own."""
    if named := os.environ.get("ADVISOR_CHROMIUM"):
        return named if Path(named).is_file() else None
    for command in COMMANDS:
        if found := shutil.which(command):
            return found
    for application in APPLICATIONS:
        if Path(application).is_file():
            return application
    with sync_playwright() as playwright:
        own = playwright.chromium.executable_path
    return own if Path(own).is_file() else None


def debian(*packages: str) -> None:
    """Install Debian packages; whether it worked is seen by looking for what they bring."""
    environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    subprocess.run(["apt-get", "update", "-qq"], check=False, env=environment)
    subprocess.run(
        ["apt-get", "install", "-y", "-qq", "--no-install-recommends", *packages], check=False, env=environment
    )


def _shows_japanese() -> bool:
    """Whether a font with Japanese is installed; true where that cannot be told."""
    fc_list = shutil.which("fc-list")
    if sys.platform != "linux" or fc_list is None:
        return sys.platform != "linux"
    return bool(subprocess.run([fc_list, ":lang=ja"], capture_output=True, check=False).stdout.strip())


def main() -> None:
    """Make sure that there is a browser and a Japanese font; install them where that is possible."""
    may_install = shutil.which("apt-get") is not None and hasattr(os, "geteuid") and os.geteuid() == 0
    wanted = []
    if find_chromium() is None and "ADVISOR_CHROMIUM" not in os.environ:
        wanted.append("chromium")
    if not _shows_japanese():
        wanted += ["fontconfig", "fonts-noto-cjk"]
    if wanted and may_install:
        debian(*wanted)
    if find_chromium() is None and "ADVISOR_CHROMIUM" not in os.environ:
        subprocess.run([sys.executable, "-m", "playwright", "install", "chromium"], check=False)
    chromium = find_chromium()
    if chromium is None:
        sys.exit(HELP)
    if not _shows_japanese():
        sys.exit("No Japanese font was found for the tests. Install one (Debian, Ubuntu: apt install fonts-noto-cjk).")
    print(f"Chromium: {chromium}")  # noqa: T201  (this is a command)


if __name__ == "__main__":
    main()
