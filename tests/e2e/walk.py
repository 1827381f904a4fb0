"""walk.py BIN ROOT SCREENSHOTS: the path of a person through the window, with real key and mouse events.

Needs a display, a session bus, a helper on $ROCKER_SOCKET with the starter image, openbox, xdotool and AT-SPI. What is
on the screen is read through the accessibility bus, as a screen reader would; what has happened is asked of the helper.
"""
import os
import subprocess
import sys
import time

import gi

gi.require_version("Atspi", "2.0")
from gi.repository import Atspi  # noqa: E402

BIN, ROOT, SHOTS = sys.argv[1:4]
NAME = "first-steps"
step = 0


def fail(message):
    screenshot("failed")
    sys.exit(f"walk: {message}")


def wait_for(what, check, seconds=15):
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        try:
            found = check()
        except Exception:  # an object that has just gone away
            found = None
        if found:
            return found
        time.sleep(0.05)
    fail(f"waited {seconds} s in vain for {what}")


def screenshot(name):
    global step
    step += 1
    subprocess.run(["import", "-window", "root", f"{SHOTS}/{step:02}-{name}.png"], check=True)


def settle(name):
    time.sleep(0.3)
    screenshot(name)


def xdotool(*arguments):
    subprocess.run(["xdotool", *map(str, arguments)], check=True, stdout=subprocess.DEVNULL)


def key(*keys):
    xdotool("key", "--delay", 40, *keys)


def type_text(text):
    xdotool("type", "--delay", 15, text)


def rocker(*arguments):
    return subprocess.run([f"{BIN}/rocker", *arguments], capture_output=True, text=True).stdout


def application():
    desktop = Atspi.get_desktop(0)
    for i in range(desktop.get_child_count()):
        child = desktop.get_child_at_index(i)
        if child and "rocker" in (child.get_name() or "").lower():
            return child
    return None


def walk(node, depth=0):
    if node is None or depth > 25:
        return
    yield node
    for i in range(min(node.get_child_count(), 200)):
        yield from walk(node.get_child_at_index(i), depth + 1)


def visible(node):
    return node.get_state_set().contains(Atspi.StateType.SHOWING)


def find(role, name, exact=False):
    def look():
        for node in walk(application()):
            said = node.get_name() or ""
            if node.get_role_name() in role and (said == name if exact else name in said) and visible(node):
                return node
        return None
    return look


def click(node):
    box = node.get_extents(Atspi.CoordType.SCREEN)
    xdotool("mousemove", box.x + box.width // 2, box.y + box.height // 2, "click", 1)


def button(name):
    return wait_for(f"the button '{name}'", lambda: enabled(find(("push button", "button"), name, exact=True)()))


def enabled(node):
    return node if node and node.get_state_set().contains(Atspi.StateType.ENABLED) else None


def terminal():
    return find(("terminal",), "")()


def terminal_text():
    node = terminal()
    return Atspi.Text.get_text(node, 0, Atspi.Text.get_character_count(node)) if node else ""


def state():
    for line in rocker("ps", "-a", "--no-trunc").splitlines()[1:]:
        if NAME in line:
            return line
    return ""


def start_window():
    environment = {**os.environ, "QT_LINUX_ACCESSIBILITY_ALWAYS_ON": "1"}
    window = subprocess.Popen([f"{BIN}/rocker-workstation", "--settings", f"{ROOT}/window.ini"], env=environment)
    wait_for("the window", lambda: application() and find(("table", "tree table", "button", "push button"), "")())
    return window


def main():
    subprocess.Popen(["openbox"], stderr=subprocess.DEVNULL)
    Atspi.init()
    window = start_window()
    settle("empty")

    key("ctrl+n")
    wait_for("the creation dialog", find(("dialog",), "Create"))
    name_field = wait_for("the name field", find(("text", "entry"), "Name"))
    click(name_field)
    key("ctrl+a")
    type_text(NAME)
    settle("create")
    started = time.monotonic()
    click(button("Create"))
    wait_for("the shell's prompt", lambda: terminal_text().rstrip().endswith(("#", "$")))
    print(f"walk: from the click to the prompt, as a screen reader sees it: {(time.monotonic() - started) * 1000:.0f} ms")
    settle("shell")

    type_text("cat /etc/os-release")
    key("Return")
    wait_for("the container's answer", lambda: "ID=rocker-starter" in terminal_text())
    settle("answer")

    xdotool("search", "--onlyvisible", "--name", "Rocker", "windowsize", 1000, 640)
    wait_for("the answer after resizing", lambda: "ID=rocker-starter" in terminal_text())
    settle("resized")

    key("alt+F4")
    wait_for("the window's end", lambda: window.poll() is not None)
    if "Up" not in state():
        fail(f"the container did not outlive the window: {state()!r}")
    window = start_window()
    row = wait_for("the container's row", find(("table cell", "cell"), NAME))
    click(row)
    wait_for("the same screen", lambda: "ID=rocker-starter" in terminal_text())
    settle("again")
    click(terminal())
    type_text("echo $((6 * 7))-same")
    key("Return")
    wait_for("the same shell's answer", lambda: "42-same" in terminal_text())
    settle("same-shell")

    click(row)
    click(button("Stop"))
    wait_for("the container's end", lambda: "Exited" in state(), 20)
    settle("stopped")
    click(button("Start"))
    wait_for("the container's start", lambda: "Up" in state())
    settle("started")
    click(button("Stop"))
    wait_for("the container's second end", lambda: "Exited" in state(), 20)
    click(button("Remove…"))
    wait_for("the question", lambda: find(("dialog", "alert"), "")() and application())
    settle("confirm")
    confirm = [node for node in walk(application())
               if node.get_role_name() in ("push button", "button") and "Remove" in (node.get_name() or "") and visible(node)]
    click(confirm[-1])
    wait_for("the container's removal", lambda: not state())
    settle("removed")
    key("alt+F4")
    wait_for("the window's end", lambda: window.poll() is not None)
    print("walk: everything as expected")


main()
