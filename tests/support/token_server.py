#!/usr/bin/env python3
"""A token server for docker-registry: token_server.py PORT KEY CERTIFICATE USER PASSWORD LOG

Answers GET /token with a JWT (RS256, signed by openssl with KEY) for what is asked: everybody may pull from
"open/...", USER may pull and push anywhere. Each request's scopes go to LOG, a line each.
"""
import base64, http.server, json, subprocess, sys, time, urllib.parse

port, key, certificate, user, password, log = sys.argv[1:]


def encoded(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


der = subprocess.run(["openssl", "x509", "-in", certificate, "-outform", "DER"], capture_output=True, check=True).stdout


def token(account, access):
    now = int(time.time())
    header = {"typ": "JWT", "alg": "RS256", "x5c": [base64.b64encode(der).decode()]}
    claims = {"iss": "test", "sub": account, "aud": "shop", "exp": now + 300, "nbf": now - 10, "iat": now,
              "jti": str(time.time_ns()), "access": access}
    text = ".".join(encoded(json.dumps(part).encode()) for part in (header, claims))
    signed = subprocess.run(["openssl", "dgst", "-sha256", "-sign", key], input=text.encode(), capture_output=True, check=True)
    return text + "." + encoded(signed.stdout)


class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        query = urllib.parse.parse_qs(urllib.parse.urlparse(self.path).query)
        scopes = query.get("scope", [])
        with open(log, "a") as file:
            file.write(" ".join(scopes) + "\n")
        given = self.headers.get("Authorization", "")
        known = given == "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()
        if given and not known:
            return self.say(401, {"details": "incorrect username or password"})
        access = []
        for scope in scopes:
            kind, _, rest = scope.partition(":")
            name, _, actions = rest.rpartition(":")
            allowed = [a for a in actions.split(",") if known or (a == "pull" and name.startswith("open/"))]
            access.append({"type": kind, "name": name, "actions": allowed})
        self.say(200, {"token": token(user if known else "", access)})

    def say(self, status, document):
        body = json.dumps(document).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


http.server.ThreadingHTTPServer(("127.0.0.1", int(port)), Handler).serve_forever()
