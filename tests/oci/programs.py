"""The validation programs of opencontainers/runtime-tools, built from Debian's source package by Debian's Go packages.

Debian's package of the project (golang-github-opencontainers-runtime-tools-dev) holds its libraries, but not these programs:
they are in the source package alone. Only its tar is fetched, by apt, with a list of sources of its own.
"""
import glob
import os
import shutil
import subprocess

SOURCE = "golang-github-opencontainers-runtime-tools"
NEEDED = ["golang-go", SOURCE + "-dev", "golang-github-google-uuid-dev", "golang-github-mrunalp-fileutils-dev"]
KEYRING = "/usr/share/keyrings/debian-archive-keyring.gpg"
IMPORT = "src/github.com/opencontainers/runtime-tools"
HERE = os.path.dirname(os.path.abspath(__file__))


class Unavailable(Exception):
    """Why the programs cannot be had here."""


def missing():
    def installed(package):
        said = subprocess.run(["dpkg-query", "-W", "-f", "${db:Status-Status}", package], capture_output=True, text=True)
        return said.stdout == "installed"
    return [package for package in NEEDED if not installed(package)]


def archives():
    """The mirrors of Debian that apt is configured with, each with the code name of a release."""
    said = subprocess.run(["apt-get", "indextargets", "--format", "$(SITE) $(CODENAME)", "Created-By: Packages", "Origin: Debian"],
                          capture_output=True, text=True).stdout
    found = {tuple(line.split()) for line in said.splitlines() if len(line.split()) == 2}
    return sorted(pair for pair in found if "-" not in pair[1])


def fetch(folder):
    """The path of the source package's tar in `folder`."""
    lists = folder + "/lists"
    os.makedirs(lists + "/partial")
    options = {"Dir::Etc::SourceList": folder + "/sources.list", "Dir::Etc::SourceParts": "/dev/null", "Dir::State::Lists": lists,
               "Dir::Cache::srcpkgcache": "", "Dir::Cache::pkgcache": "", "APT::Sandbox::User": "root", "Acquire::Retries": "1"}
    apt = ["apt-get", "-qq"] + [word for name, value in options.items() for word in ("-o", f"{name}={value}")]
    said = "apt has no source of Debian's packages"
    for site, codename in archives():
        with open(folder + "/sources.list", "w") as sources:
            sources.write(f"deb-src [signed-by={KEYRING}] {site} {codename} main\n")
        for command in (["update"], ["source", "--tar-only", SOURCE]):
            outcome = subprocess.run(apt + command, cwd=folder, stdin=subprocess.DEVNULL, capture_output=True, text=True)
            said = (outcome.stderr.strip().splitlines() or [said])[-1]
        tars = glob.glob(f"{folder}/{SOURCE}_*.orig.tar.*")
        if tars:
            return tars[0]
    raise Unavailable(f"the source package {SOURCE} cannot be fetched: {said}")


def compile_programs(folder, target):
    tree = f"{folder}/go/{IMPORT}"
    printing = f"{folder}/go/src/github.com/mndrix/tap-go"
    os.makedirs(printing)
    shutil.copy(HERE + "/tap.go", printing)
    environment = dict(os.environ, GO111MODULE="off", GOPATH=f"{folder}/go:/usr/share/gocode", GOCACHE=folder + "/cache", GOFLAGS="",
                       GOPROXY="off", GOTOOLCHAIN="local", CGO_ENABLED="0")
    sources = [("runtimetest", "./cmd/runtimetest")]
    for path in sorted(glob.glob(tree + "/validation/*/*.go")):
        name = os.path.basename(path)[:-3]
        if os.path.basename(os.path.dirname(path)) != "util":
            sources.append(("validation/" + name, path))
    os.makedirs(target + "/validation")
    for name, source in sources:
        outcome = subprocess.run(["go", "build", "-o", f"{target}/{name}", source], cwd=tree, env=environment, capture_output=True, text=True)
        if outcome.returncode:
            raise Unavailable(f"{name} does not build: " + " / ".join(outcome.stderr.strip().splitlines()[:3]))
    for rootfs in glob.glob(tree + "/rootfs-*.tar.gz"):
        shutil.copy(rootfs, target)


def build(target, folder):
    """Builds `runtimetest`, `rootfs-*.tar.gz` and `validation/*` into `target`, a folder that does not exist; `folder` is for the work."""
    lacking = missing()
    if lacking:
        raise Unavailable(f"'packaging/setup oci' has not been run; missing: {' '.join(lacking)}")
    tar = fetch(folder)
    tree = f"{folder}/go/{IMPORT}"
    os.makedirs(tree)
    subprocess.run(["tar", "--extract", "--file", tar, "--directory", tree, "--strip-components=1"], check=True)
    unfinished = target + ".unfinished"
    shutil.rmtree(unfinished, ignore_errors=True)
    compile_programs(folder, unfinished)
    os.rename(unfinished, target)
