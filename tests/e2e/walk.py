"""walk.py BIN ROOT SCREENSHOTS: the path of a person through the window, with real key and mouse events.

Needs what desktop.py needs, and a helper on $ROCKER_SOCKET with the starter image. What is on the screen is read as a
screen reader would; what has happened is asked of the helper.
"""
import os
import sys
import time

from desktop import BUTTON, Desktop, click, find, find_all, key, terminal_text, text_of, type_text, xdotool

NAME = "first-steps"
desktop = Desktop(*sys.argv[1:4])


def state():
    for line in desktop.rocker("ps", "-a", "--no-trunc").splitlines()[1:]:
        if NAME in line:
            return line
    return ""


def create():
    key("ctrl+n")
    desktop.wait_for("the creation dialog", find(("dialog",), "Create"))
    click(desktop.wait_for("the name field", find(("text", "entry"), "Name")))
    key("ctrl+a")
    type_text(NAME)
    desktop.settle("create")
    accept = desktop.button("Create")
    started = time.monotonic()
    click(accept)
    desktop.wait_for("the shell's prompt", lambda: terminal_text().rstrip().endswith(("#", "$")))
    print(f"walk: from the click to the prompt, as a screen reader sees it: {(time.monotonic() - started) * 1000:.0f} ms")
    desktop.settle("shell")


def use_the_shell():
    type_text("cat /etc/os-release")
    key("Return")
    desktop.wait_for("the container's answer", lambda: "ID=rocker-starter" in terminal_text())
    desktop.settle("answer")
    xdotool("search", "--onlyvisible", "--name", "Rocker", "windowsize", 1000, 640)
    desktop.wait_for("the answer after resizing", lambda: "ID=rocker-starter" in terminal_text())
    desktop.settle("resized")


def close(window):
    key("alt+F4")
    desktop.wait_for("the window's end", lambda: window.poll() is not None)


def come_back():
    if "Up" not in state():
        desktop.fail(f"the container did not outlive the window: {state()!r}")
    window = desktop.start_window()
    desktop.wait_for("the same screen", lambda: "ID=rocker-starter" in terminal_text())
    desktop.settle("again")
    type_text("echo $((6 * 7))-same")
    key("Return")
    desktop.wait_for("the same shell's answer", lambda: "42-same" in terminal_text())
    desktop.settle("same-shell")
    return window


def commit_a_part():
    type_text("echo kept > /made; echo left > /other")
    key("Return")
    click(desktop.button("Commit…"))
    desktop.wait_for("the commit's dialog", find(("dialog",), "Commit"))
    made = desktop.wait_for("what the container has changed", find(("table cell", "tree item"), "made"))
    desktop.settle("commit")
    click(made)
    desktop.settle("commit-part")
    click(find_all(BUTTON, "Commit", exact=True)[-1])
    desktop.wait_for("the image", lambda: NAME in desktop.rocker("images"))
    layer = desktop.rocker("image", "tree", f"{NAME}:latest", "--layer", "3")
    if "made" not in layer or "other" in layer:
        desktop.fail(f"the image has another layer: {layer}")
    desktop.rocker("image", "remove", f"{NAME}:latest")


def pull_from_nowhere():
    key("ctrl+p")
    desktop.wait_for("the pull's dialog", find(("dialog",), "Pull"))
    type_text("localhost:9/nothing:1")
    desktop.settle("pull")
    key("Return")
    desktop.wait_for("why it cannot be pulled", find(("label", "text", "alert"), "localhost:9/nothing:1 could not be pulled"), 60)
    desktop.settle("pull-failed")
    key("ctrl+1")


def stop_start_remove():
    click(desktop.button("Stop"))
    desktop.wait_for("the container's end", lambda: "Exited" in state(), 20)
    desktop.settle("stopped")
    click(desktop.button("Start"))
    desktop.wait_for("the container's start", lambda: "Up" in state())
    desktop.settle("started")
    click(desktop.button("Stop"))
    desktop.wait_for("the container's second end", lambda: "Exited" in state(), 20)
    click(desktop.button("Remove…"))
    desktop.wait_for("the question", find(("dialog", "alert"), ""))
    desktop.settle("confirm")
    click(find_all(BUTTON, "Remove", exact=True)[-1])
    desktop.wait_for("the container's removal", lambda: not state())
    desktop.settle("removed")


def look_into_layers():
    key("ctrl+2")
    click(desktop.wait_for("the starter image", find(("table cell",), "starter:latest")))
    key("Return")
    desktop.wait_for("its layers", find(("list item",), "Layer 2"))
    desktop.wait_for("the files of the top one", find(("table cell",), "etc"))
    desktop.settle("layers")
    click(desktop.wait_for("the choice of the whole image", find(("check box", "toggle button", "radio button"), "Whole image")))
    desktop.wait_for("files of both layers", find(("table cell",), "bin"))
    key("ctrl+f")
    type_text("os-rel*")
    desktop.wait_for("what is found", find(("table cell",), "os-release"))
    desktop.wait_for("the content of the file",
                     lambda: "ID=rocker-starter" in text_of(find(("text", "entry"), "Content of the file")()))
    desktop.settle("preview")
    key("ctrl+f", "Escape", "Escape")
    desktop.wait_for("the way back", find(("table cell",), "starter:latest"))
    key("ctrl+1")


# Of the name field, whatever the dialog has chosen; the dialogs here are Qt's own.
def give_file_name(path):
    desktop.settle("file-dialog")
    key("ctrl+a")
    type_text(path)
    key("Return")


def open_an_archive():
    """Without a helper: an archive is looked into, a file is saved, and it is compared with another archive."""
    archive, other, saved = f"{desktop.root}/starter.tar", f"{desktop.root}/other.tar", f"{desktop.root}/os-release"
    desktop.rocker("save", "starter", "-o", archive)
    container = desktop.rocker("create", "starter", "sh", "-c", "echo more >> /etc/os-release").strip()
    desktop.rocker("start", container)
    desktop.rocker("wait", container)
    desktop.rocker("export", container, "-o", other)
    desktop.rocker("remove", container)
    window = desktop.start_window("--socket", f"{desktop.root}/nobody.sock", archive)
    desktop.wait_for("the archive's layers", find(("list item",), "Layer 2"))
    desktop.settle("archive")
    click(desktop.wait_for("the choice of the whole image", find(("check box", "toggle button", "radio button"), "Whole image")))
    key("ctrl+f")
    type_text("os-rel*")
    desktop.wait_for("what is found", find(("table cell",), "os-release"))
    desktop.wait_for("the content of the file",
                     lambda: "ID=rocker-starter" in text_of(find(("text", "entry"), "Content of the file")()))
    desktop.settle("archive-preview")
    click(desktop.button("Save as…"))
    desktop.wait_for("the dialog to save it", find(("dialog", "file chooser"), "Save the file"))
    give_file_name(saved)
    desktop.wait_for("the saved file", lambda: os.path.exists(saved) and "ID=rocker-starter" in open(saved).read())
    click(desktop.wait_for("the comparison", find(("page tab",), "Compare")))
    click(desktop.button("Choose an archive…"))
    desktop.wait_for("the dialog for the archive", find(("dialog", "file chooser"), "Compare with an archive"))
    give_file_name(other)
    changed = desktop.wait_for("what differs", find(("table cell",), "/etc/os-release"))
    click(changed)
    desktop.wait_for("the line that differs",
                     lambda: "- more" in text_of(find(("text", "entry"), "What has changed in the file")()))
    desktop.settle("archive-compared")
    close(window)


first = desktop.start_window()
desktop.settle("empty")
create()
use_the_shell()
close(first)
second = come_back()
commit_a_part()
stop_start_remove()
look_into_layers()
pull_from_nowhere()
close(second)
open_an_archive()
print("walk: everything as expected")
