"""window.py PROGRAM SETTINGS: how long the window takes, from the moment before its program is executed, and its memory.

Needs a display, and a helper with containers on $ROCKER_SOCKET. The figures are the medians of several starts.
"""
import re
import statistics
import subprocess
import sys
import threading
import time

PROGRAM, SETTINGS = sys.argv[1:3]
STARTS = 7
PATIENCE = 20


def memory(pid, key):
    with open(f"/proc/{pid}/smaps_rollup") as file:
        return int(re.search(rf"^{key}:\s+(\d+) kB", file.read(), re.MULTILINE)[1]) / 1024


def start():
    figures = {}
    begin = time.monotonic()
    window = subprocess.Popen([PROGRAM, "--settings", SETTINGS, "--trace-start"], stderr=subprocess.PIPE, text=True)
    watchdog = threading.Timer(PATIENCE, window.kill)
    watchdog.start()
    try:
        for line in window.stderr:
            if told := re.match(r"first (picture|list of \d+ rows) after", line):
                figures[told[1]] = (time.monotonic() - begin) * 1000
            if len(figures) == 2:
                break
        if len(figures) != 2:
            sys.exit(f"window.py: the window told only of {list(figures)}")
        time.sleep(1)
        figures["RSS"], figures["PSS"] = memory(window.pid, "Rss"), memory(window.pid, "Pss")
    finally:
        watchdog.cancel()
        window.terminate()
        window.wait()
    return figures


starts = [start() for _ in range(STARTS)]
for key in starts[0]:
    unit = "MB" if key in ("RSS", "PSS") else "ms"
    name = f"memory, {key}" if unit == "MB" else f"to its first {key}"
    print(f"  {name:<50} {statistics.median(figures[key] for figures in starts):9.1f} {unit}")
