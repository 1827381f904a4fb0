# For the integration tests: a private helper under a temporary root, and assertions. $1 is where the programs are.
# Prints the totals in QtTest's words.
set -u
bin=$1
source=$(cd "$(dirname "$0")/../.." && pwd)
if [ "$(id -u)" != 0 ]; then
    echo "SKIP: containers need root"
    exit 0
fi
root=$(mktemp -d /tmp/rocker-test.XXXXXX)
cgroup=rocker-test-$$
export ROCKER_SOCKET=$root/run/helper.sock
passed=0
failed=0
skipped=0
helper=

rocker() { "$bin/rocker" "$@"; }

# start_helper OPTION…: further options of the helper
start_helper() {
    "$bin/rocker-helper" --state "$root/state" --run "$root/run" --cgroup-parent "$cgroup" "$@" 2>> "$root/helper.log" &
    helper=$!
    for _ in $(seq 100); do
        rocker ps > /dev/null 2>&1 && return
        sleep 0.05
    done
    echo "the helper does not answer:"
    cat "$root/helper.log"
    exit 1
}

# Ends the helper and everything it has, and removes the temporary root.
clean_up() {
    for id in $(rocker ps -aq 2> /dev/null); do rocker remove -f "$id" > /dev/null 2>&1; done
    [ -n "$helper" ] && kill "$helper" 2> /dev/null && wait "$helper" 2> /dev/null
    for hierarchy in /sys/fs/cgroup/*/"$cgroup" /sys/fs/cgroup/"$cgroup"; do
        [ -d "$hierarchy" ] && rmdir "$hierarchy"
    done
    rm -rf "$root"
}
# A script that ends before its end has failed, whatever has passed so far.
finish() {
    status=$?
    [ "$status" = 0 ] || not_ok "ended early, with $status"
    clean_up
    echo "Totals: $passed passed, $failed failed, $skipped skipped"
    [ "$failed" = 0 ]
    exit $?
}
trap finish EXIT

ok() { passed=$((passed + 1)); }
not_ok() { failed=$((failed + 1)); echo "FAIL! : $*"; }
# skip NAME WHY
skip() { skipped=$((skipped + 1)); echo "SKIP   : $1: $2"; }
# is NAME EXPECTED ACTUAL
is() { if [ "$2" = "$3" ]; then ok; else not_ok "$1"; printf '   wanted: %s\n   got:    %s\n' "$2" "$3"; fi; }
# has NAME PART TEXT
has() { case $3 in *"$2"*) ok ;; *) not_ok "$1"; printf '   wanted: …%s…\n   got:    %s\n' "$2" "$3" ;; esac; }
# lacks NAME PART TEXT
lacks() { case $3 in *"$2"*) not_ok "$1"; printf '   found %s in: %s\n' "$2" "$3" ;; *) ok ;; esac; }
# code NAME EXPECTED COMMAND…: its exit code; what it says is left in $said
code() {
    name=$1 expected=$2
    shift 2
    said=$("$@" 2>&1 < /dev/null)
    got=$?
    is "$name" "$expected" $got
    [ "$got" = "$expected" ] || printf '   said:   %s\n' "$said"
}

# The programs of this build that run, of this test or not; one that has ended and waits for its parent counts as well.
our_processes() {
    for process in /proc/[0-9]*; do
        case $(readlink "$process/exe" 2> /dev/null) in "$bin"/rocker-*) echo "${process#/proc/}" ;; esac
    done
    ps -o pid= --ppid "$helper" 2> /dev/null | tr -d ' '
}

import_starter() {
    "$source/packaging/starter-image" "$root/starter.tar" || exit 1
    rocker import "$root/starter.tar" > /dev/null || { echo 'the starter image cannot be imported'; exit 1; }
}
