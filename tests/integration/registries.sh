# For the tests with Debian's docker-registry, an independent implementation; after support.sh.
for program in docker-registry skopeo openssl; do
    command -v $program > /dev/null || { echo "SKIP: $program is not installed"; exit 0; }
done
registries=
made=

# listening PORT: waits until somebody does
listening() {
    for _ in $(seq 100); do
        ss -Hltn "sport = :$1" | grep -q . && return
        sleep 0.05
    done
    echo "nobody listens at $1" && exit 1
}
# serve NAME PORT [LINES]: a registry on loopback; LINES go below http:
serve() {
    mkdir "$root/$1"
    cat > "$root/$1.yml" <<CONFIG
version: 0.1
log: {level: error, accesslog: {disabled: true}}
storage: {filesystem: {rootdirectory: $root/$1}, delete: {enabled: true}}
http:
  addr: 127.0.0.1:$2
  secret: known
${3-}
CONFIG
    docker-registry serve "$root/$1.yml" > "$root/$1.log" 2>&1 &
    registries="$registries $!"
    eval "$1=$!"
    listening "$2"
}
# trust PORT: the CA of make_ca for a registry there
trust() {
    [ -d /etc/containers/certs.d ] || made=/etc/containers/certs.d
    mkdir -p "/etc/containers/certs.d/localhost:$1"
    cp "$root/ca.crt" "/etc/containers/certs.d/localhost:$1/ca.crt"
    trusted="${trusted-} /etc/containers/certs.d/localhost:$1"
}
# ca.crt, and tls.crt with tls.key for localhost that it vouches for
make_ca() {
    openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj '/CN=rocker test CA' -keyout "$root/ca.key" -out "$root/ca.crt" 2> /dev/null
    openssl req -newkey rsa:2048 -nodes -subj '/CN=localhost' -keyout "$root/tls.key" -out "$root/tls.csr" 2> /dev/null
    echo 'subjectAltName=DNS:localhost' > "$root/san"
    openssl x509 -req -in "$root/tls.csr" -CA "$root/ca.crt" -CAkey "$root/ca.key" -CAcreateserial -days 2 -extfile "$root/san" -out "$root/tls.crt" 2> /dev/null
}
# bcrypt, as the registry wants passwords
make_htpasswd() {
    printf 'reader:%s\n' "$(perl -e 'print crypt("sec:ret", "\$2b\$05\$abcdefghijklmnopqrstuu")')" > "$root/htpasswd"
}
stop_registries() {
    for pid in $registries; do kill "$pid" 2> /dev/null && wait "$pid" 2> /dev/null; done
    [ -z "${trusted-}" ] || rm -rf $trusted
    [ -z "$made" ] || rmdir "$made" 2> /dev/null
}
free_port() { python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'; }
trap 'status=$?; stop_registries; (exit $status); finish' EXIT

copy() { skopeo --policy "$root/policy.json" --tmpdir "$root" copy -q "$@"; }
echo '{"default": [{"type": "insecureAcceptAnything"}]}' > "$root/policy.json"
