#!/usr/bin/python3
"""strike.py PARENT MODE [VICTIM]: as soon as PARENT has a child that was started in MODE (its first argument), kills VICTIM, or
that child without one. Prints all children that there were, or fails after half a minute without any such."""
import os
import signal
import sys
import time

parent, mode = int(sys.argv[1]), sys.argv[2].encode()
end = time.monotonic() + 30
while time.monotonic() < end:
    with open(f"/proc/{parent}/task/{parent}/children") as file:
        children = file.read().split()
    for child in children:
        try:
            with open(f"/proc/{child}/cmdline", "rb") as file:
                found = file.read().split(b"\0")[1:2] == [mode]
        except OSError:
            continue
        if found:
            os.kill(int(sys.argv[3] if len(sys.argv) > 3 else child), signal.SIGKILL)
            print(*children)
            sys.exit()
    time.sleep(0.002)
sys.exit("no such child")
