# For the tests of the runtime, after support.sh: a bundle in which busybox is everything, and the runtime under both
# names that its callers know. They run in the bundle.
command -v jq > /dev/null || { echo 'SKIP: no jq to write configurations with'; exit 0; }
[ -x /bin/busybox ] || { echo 'SKIP: no busybox to make a root file system of'; exit 0; }
bundle=$root/bundle
mkdir -p "$bundle/rootfs" "$root/bin"
ln -s "$bin/rocker-runtime" "$root/bin/crun"
ln -s "$bin/rocker-runtime" "$root/bin/runc"
for directory in bin dev etc proc sys tmp; do mkdir "$bundle/rootfs/$directory"; done
cp /bin/busybox "$bundle/rootfs/bin/"
chroot "$bundle/rootfs" /bin/busybox --install -s /bin
cd "$bundle" || exit 1
crun() { "$root/bin/crun" --root "$root/state" "$@"; }
runc() { "$root/bin/runc" --root "$root/state" "$@"; }
# configure FILTER: config.json as `spec` writes it, without a terminal, in a cgroup of this test, changed by FILTER
configure() {
    rm -f config.json
    runc spec
    jq ".process.terminal = false | .root.readonly = false | .linux.cgroupsPath = \"/$cgroup\" | $1" config.json > changed && mv changed config.json
}
