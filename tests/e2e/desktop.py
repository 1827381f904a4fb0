"""What a person does at a desktop and what a screen reader sees of it: real key and mouse events through xdotool, texts
and states through the accessibility bus. Needs a display, a session bus, xdotool and AT-SPI.
"""
import os
import subprocess
import sys
import time

import gi

gi.require_version("Atspi", "2.0")
from gi.repository import Atspi  # noqa: E402

BUTTON = ("push button", "button")


class Desktop:
    """`programs` is where rocker-workstation and rocker are, `root` holds the window's settings, `shots` the pictures."""

    def __init__(self, programs, root, shots):
        self.programs, self.root, self.shots, self.step = programs, root, shots, 0
        subprocess.Popen(["openbox"], stderr=subprocess.DEVNULL)
        Atspi.init()
        # A window that comes before the window manager is never given the focus.
        self.wait_for("the window manager", lambda: b"window id" in subprocess.run(
            ["xprop", "-root", "_NET_SUPPORTING_WM_CHECK"], capture_output=True).stdout)

    def start_window(self, *arguments):
        environment = {**os.environ, "QT_LINUX_ACCESSIBILITY_ALWAYS_ON": "1"}
        window = subprocess.Popen([f"{self.programs}/rocker-workstation", "--settings", f"{self.root}/window.ini", *arguments],
                                  env=environment)
        self.wait_for("the window", lambda: find(("table", "tree table", *BUTTON), "")())
        return window

    def rocker(self, *arguments):
        return subprocess.run([f"{self.programs}/rocker", *arguments], capture_output=True, text=True).stdout

    def wait_for(self, what, check, seconds=15):
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            try:
                found = check()
            except Exception:  # an object that has just gone away
                found = None
            if found:
                return found
            time.sleep(0.05)
        self.fail(f"waited {seconds} s in vain for {what}")

    def fail(self, message):
        self.screenshot("failed")
        sys.exit(f"walk: {message}")

    def screenshot(self, name):
        self.step += 1
        subprocess.run(["import", "-window", "root", f"{self.shots}/{self.step:02}-{name}.png"], check=True)

    def settle(self, name):
        time.sleep(0.3)
        self.screenshot(name)

    def button(self, name):
        return self.wait_for(f"the button '{name}'", lambda: enabled(find(BUTTON, name, exact=True)()))


def xdotool(*arguments):
    subprocess.run(["xdotool", *map(str, arguments)], check=True, stdout=subprocess.DEVNULL)


def key(*keys):
    xdotool("key", "--delay", 40, *keys)


def type_text(text):
    xdotool("type", "--delay", 15, text)


def click(node, button=1):
    box = node.get_extents(Atspi.CoordType.SCREEN)
    xdotool("mousemove", box.x + box.width // 2, box.y + box.height // 2, "click", button)


def application():
    desktop = Atspi.get_desktop(0)
    for i in range(desktop.get_child_count()):
        child = desktop.get_child_at_index(i)
        if child and "rocker" in (child.get_name() or "").lower():
            return child
    return None


def nodes(node=None, depth=0):
    node = node or application()
    if node is None or depth > 25:
        return
    yield node
    for i in range(min(node.get_child_count(), 200)):
        child = node.get_child_at_index(i)
        if child:
            yield from nodes(child, depth + 1)


def find_all(role, name, exact=False):
    found = []
    for node in nodes():
        said = node.get_name() or ""
        if node.get_role_name() in role and (said == name if exact else name in said):
            if node.get_state_set().contains(Atspi.StateType.SHOWING):
                found.append(node)
    return found


def find(role, name, exact=False):
    return lambda: next(iter(find_all(role, name, exact)), None)


def enabled(node):
    return node if node and node.get_state_set().contains(Atspi.StateType.ENABLED) else None


def terminal():
    return find(("terminal",), "")()


def text_of(node):
    return Atspi.Text.get_text(node, 0, Atspi.Text.get_character_count(node)) if node else ""


def terminal_text():
    return text_of(terminal())
