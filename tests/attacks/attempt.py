"""One attack on one runtime: its directory, its containers, the host files that it aims at, its verdict."""
import array
import hashlib
import json
import os
import shutil
import signal
import socket
import stat
import subprocess
import threading
import time

import sandbox
from bundle import Bundle


class Broken(Exception):
    """The attack reached something; the text says what."""


class Skip(Exception):
    """The attack says nothing here; the text says why."""


class Failed(Exception):
    """What must work for the attack to mean anything does not."""


class Result:
    def __init__(self, code, out, err):
        self.code, self.out, self.err = code, out, err

    @property
    def message(self):
        """The last line of what it complained about."""
        lines = [line for line in (self.err or self.out).strip().splitlines() if line.strip()]
        return lines[-1].strip()[-160:] if lines else f"exit code {self.code}"


class Runtime:
    """A private copy of a runtime: path is what is called, binary what runs."""

    def __init__(self, source, file, directory):
        """file: the runtime (of a script the interpreter), open."""
        self.name = os.path.basename(source)
        os.makedirs(directory)
        # naive is a script: what is attacked is its interpreter.
        script = self.name == "naive"
        self.file = file
        self.binary = f"{directory}/{'python3' if script else self.name}"
        self.command = [self.binary, "-IBS", f"{sandbox.HERE}/naive"] if script else [self.binary]
        self.restore()
        self.digest = self.hash()

    def restore(self):
        if os.path.exists(self.binary):
            os.unlink(self.binary)
        self.file.seek(0)
        with open(self.binary, "wb") as copy:
            shutil.copyfileobj(self.file, copy)
        os.chmod(self.binary, 0o755)

    def hash(self):
        with open(self.binary, "rb") as file:
            return hashlib.sha256(file.read()).hexdigest()


class Console:
    """A console socket that takes the terminal's master and collects what it prints."""

    def __init__(self, path):
        self.path, self.text, self.master = path, b"", None
        self.listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.listener.bind(path)
        self.listener.listen()
        self.listener.settimeout(15)
        self.thread = threading.Thread(target=self.receive, daemon=True)
        self.thread.start()

    def receive(self):
        try:
            peer, _ = self.listener.accept()
            data, ancillary, _, _ = peer.recvmsg(4096, socket.CMSG_SPACE(16))
            for level, kind, payload in ancillary:
                if level == socket.SOL_SOCKET and kind == socket.SCM_RIGHTS:
                    self.master = array.array("i", payload[:4])[0]
            while self.master is not None:
                part = os.read(self.master, 4096)
                if not part:
                    break
                self.text += part
        except OSError:
            pass

    def close(self):
        self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()
        self.thread.join(1)
        if self.master is not None:
            os.close(self.master)


def snapshot(top):
    """Everything about a tree that an attack could change."""
    found = {}
    for where, directories, files in os.walk(top):
        for path in [where] + [f"{where}/{name}" for name in directories + files]:
            status = os.lstat(path)
            what = (stat.S_IFMT(status.st_mode), oct(stat.S_IMODE(status.st_mode)), status.st_uid, status.st_gid)
            if stat.S_ISLNK(status.st_mode):
                what += (os.readlink(path),)
            elif stat.S_ISREG(status.st_mode):
                with open(path, "rb") as file:
                    what += (hashlib.sha256(file.read()).hexdigest(),)
            found[path] = what
    return found


class Attempt:
    def __init__(self, runtime, directory, tools, seconds):
        self.runtime, self.dir, self.tools, self.seconds = runtime, directory, tools, seconds
        self.host = f"{directory}/host"
        self.root = f"{directory}/state"
        self.ids, self.consoles, self.helpers = [], [], []
        os.makedirs(self.host)
        self.before, self.numbers = None, 0

    # -- what is attacked
    def secret(self, name="secret", text="a secret of the host\n"):
        path = f"{self.host}/{name}"
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "w") as file:
            file.write(text)
        return path

    def guard(self):
        """From here on nothing below host may change."""
        self.before = snapshot(self.host)

    def intact(self, what="the host"):
        after = snapshot(self.host)
        for path in sorted(set(self.before) | set(after)):
            if self.before.get(path) != after.get(path):
                name = os.path.relpath(path, self.host)
                change = "is new" if path not in self.before else "is gone" if path not in after else "has changed"
                raise Broken(f"{what}: host/{name} {change}")

    def nodes_intact(self, what):
        """The host's devices have their owner and mode; they get them back when not."""
        for name in sandbox.NODES:
            path = f"/dev/{name}"
            status = os.lstat(path)
            state = f"{status.st_uid}:{status.st_gid} {stat.filemode(status.st_mode)}"
            if state != "0:0 crw-rw-rw-":
                os.chown(path, 0, 0)
                os.chmod(path, 0o666)
                raise Broken(f"{what}: {path} of the host is {state} now")

    # -- containers
    def bundle(self, name="bundle"):
        path = f"{self.dir}/{name}"
        if os.path.exists(path):
            shutil.rmtree(path)
        return Bundle(path, self.tools)

    def call(self, *arguments, timeout=20, stdin=subprocess.DEVNULL, **options):
        """The runtime's command line; one that hangs is killed with its group, and has failed. Output goes to files: a
        container that lives on holds them open."""
        command = self.runtime.command + ["--root", self.root, *arguments]
        with open(f"{self.dir}/out", "w+b") as out, open(f"{self.dir}/err", "w+b") as err:
            try:
                process = subprocess.Popen(command, stdin=stdin, stdout=out, stderr=err, start_new_session=True,
                                           cwd=self.dir, **options)
            except OSError as error:
                # As when an attack has just opened the binary for writing.
                return Result(126, "", str(error))
            try:
                code, late = process.wait(timeout), ""
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()
                code, late = -signal.SIGALRM, f"no answer within {timeout} s"
            out.seek(0)
            err.seek(0)
            return Result(code, out.read().decode(errors="replace"), late or err.read().decode(errors="replace"))

    def place(self, bundle):
        bundle.linux.setdefault("cgroupsPath", f"/{os.path.basename(self.dir)}-{os.path.basename(bundle.path)}")

    def new_id(self):
        self.ids.append(f"a{len(self.ids)}")
        return self.ids[-1]

    def run(self, bundle, *options, name=None, **more):
        """run to the end; stdout is the container's."""
        self.place(bundle)
        name = name or self.new_id()
        result = self.call("run", "--bundle", bundle.write(), *options, name, **more)
        if result.code != 0:
            self.call("delete", "--force", name)
        return result

    def start(self, bundle, *options, **more):
        """A container in the background; its name. How that went is in self.started."""
        self.place(bundle)
        name = self.new_id()
        self.started = self.call("run", "--detach", "--bundle", bundle.write(), *options, name, **more)
        return name

    def create(self, bundle, *options, **more):
        """A container that waits for its start; its name."""
        self.place(bundle)
        name = self.new_id()
        result = self.call("create", "--bundle", bundle.write(), *options, name, **more)
        if result.code != 0:
            raise Failed(f"create does not work: {result.message}")
        return name

    def pid(self, name):
        return json.loads(self.call("state", name).out)["pid"]

    def must_start(self, bundle, *options, **more):
        name = self.start(bundle, *options, **more)
        if self.started.code != 0:
            raise Failed(f"a container that the attack needs does not start: {self.started.message}")
        return name

    def exec(self, name, *arguments, **more):
        return self.call("exec", *arguments[:-1], name, *arguments[-1], **more)

    def console(self):
        self.numbers += 1
        self.consoles.append(Console(f"{self.dir}/console{self.numbers}"))
        return self.consoles[-1]

    def spawn(self, *command, **more):
        """A process of the attacker outside every container (it stands for one in another container)."""
        process = subprocess.Popen(command, start_new_session=True, **more)
        self.helpers.append(process)
        return process

    def wait_for(self, path, seconds=5):
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            if os.path.exists(path):
                return True
            time.sleep(0.01)
        return False

    def race(self, name, target):
        """A volume of its own in which name (a directory, or nothing that exists yet: it becomes one) is exchanged with a
        link to target for ever, as another container would that shares it. Its path."""
        volume = f"{self.dir}/volume"
        os.makedirs(f"{volume}/{name}" if not os.path.lexists(f"{volume}/{name}") else volume, exist_ok=True)
        os.symlink(target, f"{volume}/exchanged")
        self.spawn(f"{self.tools}/swap", f"{volume}/{name}", f"{volume}/exchanged")
        return volume

    def rounds(self):
        """Counts while a race lasts."""
        deadline = time.monotonic() + self.seconds
        count = 0
        while time.monotonic() < deadline or count == 0:
            count += 1
            yield count

    def no_crash(self, result, what):
        if result.code == -signal.SIGALRM:
            raise Broken(f"{what}: the runtime hangs ({result.message})")
        if result.code < 0 or result.code in (139, 134, 132, 136):
            raise Broken(f"{what}: the runtime died of signal "
                         f"{-result.code if result.code < 0 else result.code - 128} ({result.message})")

    def close(self):
        for process in self.helpers:
            process.kill()
            process.wait()
        for name in self.ids:
            self.call("delete", "--force", name)
        for console in self.consoles:
            console.close()
        try:
            os.kill(-1, signal.SIGKILL)
        except ProcessLookupError:
            pass
        sum(sandbox.clean_cgroup(f"{sandbox.TOP}/{name}") for name in sandbox.hierarchies())
        shutil.rmtree(self.dir, ignore_errors=True)
