"""A server that answers 200 to requests whose signature botocore computes too, for the service es, and else 403 with what botocore
signs. It looks at the request line and the headers as they came.

    python signatures.py ACCESS_KEY SECRET_KEY TOKEN REGION

It says "Running on http://127.0.0.1:PORT" and ends when its standard input does. An empty TOKEN is none.
"""

import http.server
import os
import sys
import threading

from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

access_key, secret_key, token, region = sys.argv[1:5]


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def check(self):
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        if self.headers.get("Transfer-Encoding"):
            return "the body has no length"
        given = dict(part.strip().split("=", 1) for part in self.headers["Authorization"].removeprefix("AWS4-HMAC-SHA256 ").split(","))
        signed = given["SignedHeaders"].split(";")
        if not {"host", "x-amz-date"} <= set(signed) or (token and "x-amz-security-token" not in signed):
            return f"signed are {signed} alone"
        if self.headers.get("X-Amz-Security-Token", "") != token:
            return "another token"
        request = AWSRequest(
            method=self.command,
            url="http://" + self.headers["Host"] + self.path,
            data=body,
            headers={name: self.headers[name] for name in signed},
        )
        request.context["timestamp"] = self.headers["X-Amz-Date"]
        auth = SigV4Auth(Credentials(access_key, secret_key), "es", region)
        canonical = auth.canonical_request(request)
        signature = auth.signature(auth.string_to_sign(request, canonical), request)
        scope = f"{access_key}/{self.headers['X-Amz-Date'][:8]}/{region}/es/aws4_request"
        if (given["Credential"], given["Signature"]) != (scope, signature):
            return f"botocore signs {scope} {canonical!r}"
        return ""

    def answer(self):
        try:
            fault = self.check()
        except Exception as error:  # an Authorization of another form
            fault = repr(error)
        content = (fault or self.path).encode()
        self.send_response(403 if fault else 200)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content if self.command != "HEAD" else b"")

    do_GET = do_HEAD = do_POST = do_PUT = do_DELETE = answer

    def log_message(self, *_):
        pass


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
print(f"Running on http://127.0.0.1:{server.server_port}", flush=True)
threading.Thread(target=server.serve_forever, daemon=True).start()
sys.stdin.read()
os._exit(0)
