"""deploy/nginx in front of the team's server: TLS, one name only, the websocket, and nothing that a browser claims."""

from __future__ import annotations

import http.client
import os
import secrets
import socket
import ssl
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from playwright.sync_api import BrowserType, expect

from advisor.store import advisers, open_store
from tests.browsing import SAY, title
from tests.deployed import DEPLOY, answers, listens, started, tool
from tests.serving import ARTEFACTS, free_ports

NAME = "workbook.example"
CLAIMS = dict.fromkeys(("X-Adviser", "X-Remote-User", "Remote-User", "X-Forwarded-User"), "hanako") | {
    "X-Forwarded-For": "10.9.8.7",
    "X-Forwarded-Proto": "http",
    "X-Real-IP": "10.9.8.7",
    "Forwarded": "for=10.9.8.7",
}
AROUND = """
daemon off;
pid {folder}/nginx.pid;
error_log stderr;
events {{}}
http {{
    access_log off;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    include {folder}/advisor.conf;
}}
"""


@dataclass(frozen=True)
class Front:
    """An nginx that runs: its ports for TLS and for plain HTTP, and its log of requests."""

    tls: int
    plain: int
    log: Path


def certificate(folder: Path) -> None:
    """Write a certificate for our name, signed by itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, NAME)])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(NAME)]), critical=False)
        .sign(key, hashes.SHA256())
    )
    (folder / "fullchain.pem").write_bytes(made.public_bytes(serialization.Encoding.PEM))
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    (folder / "key.pem").write_bytes(private)


@contextmanager
def nginx(folder: Path, behind: int) -> Iterator[Front]:
    """Run nginx with the deployed configuration; only ports and paths are those of the test."""
    program = tool("nginx", "nginx-light")
    tls, plain = free_ports(2)
    certificate(folder)
    text = (DEPLOY / "nginx" / "advisor.conf").read_text(encoding="utf-8")
    for deployed, tested in (
        ("listen 443", f"listen 127.0.0.1:{tls}"),
        ("listen 80", f"listen 127.0.0.1:{plain}"),
        ("127.0.0.1:8866", f"127.0.0.1:{behind}"),
        ("/etc/advisor/tls", str(folder)),
        ("/var/log/nginx", str(folder)),
    ):
        assert deployed in text
        text = text.replace(deployed, tested)
    (folder / "advisor.conf").write_text(text, encoding="utf-8")
    around = folder / "nginx.conf"
    around.write_text(AROUND.format(folder=folder), encoding="utf-8")
    checked = subprocess.run([program, "-t", "-c", str(around)], capture_output=True, text=True, check=False)
    assert checked.returncode == 0, checked.stderr
    command = (program, "-c", str(around))
    with started(*command, ready=lambda: listens(tls), log=folder / "nginx.log", environment=os.environ):
        yield Front(tls, plain, folder / "advisor.log")


def ask(
    front: Front,
    path: str = "/",
    *,
    server: str = NAME,
    host: str = NAME,
    claims: Mapping[str, str] | None = None,
) -> http.client.HTTPResponse:
    """Ask over TLS: the handshake names ``server``, the request names ``host`` and whatever else it claims."""
    trusting = ssl.create_default_context()
    trusting.check_hostname, trusting.verify_mode = False, ssl.CERT_NONE
    line = trusting.wrap_socket(socket.create_connection(("127.0.0.1", front.tls), 10), server_hostname=server)
    connection = http.client.HTTPConnection(NAME)
    connection.sock = line
    connection.request("GET", path, headers={"Host": host, **(claims or {})})
    return connection.getresponse()


@pytest.fixture
def heard() -> Iterator[tuple[int, list[dict[str, str]]]]:
    """A server that only remembers the headers it was sent: its port, and those headers."""
    remembered: list[dict[str, str]] = []

    class Ear(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            remembered.append({name.lower(): value for name, value in self.headers.items()})
            self.send_response(204)
            self.end_headers()

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002  (as http.server has it)
            """Stay silent."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Ear) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server.server_address[1], remembered
        server.shutdown()


def test_only_our_name_is_answered_and_nothing_that_a_browser_claims_gets_through(
    heard: tuple[int, list[dict[str, str]]], tmp_path: Path
) -> None:
    port, remembered = heard
    with nginx(tmp_path, port) as front:
        answer = ask(front, "/workbook?s=0123456789", claims=CLAIMS)
        assert answer.status == 204
        assert answer.headers.get_all("Strict-Transport-Security") == ["max-age=63072000"]
        (sent,) = remembered
        assert (sent["host"], sent["x-forwarded-for"], sent["x-forwarded-proto"]) == (NAME, "127.0.0.1", "https")
        assert {"hanako", "for=10.9.8.7", "10.9.8.7"}.isdisjoint(sent.values())

        # Another name: in the handshake, in the request only, and without TLS.
        with pytest.raises(ssl.SSLError):
            ask(front, server="elsewhere.example", host="elsewhere.example")
        assert ask(front, host="elsewhere.example").status == 421
        plain = http.client.HTTPConnection("127.0.0.1", front.plain, timeout=10)
        plain.request("GET", "/", headers={"Host": "elsewhere.example"})
        with pytest.raises(http.client.RemoteDisconnected):
            plain.getresponse()
        assert len(remembered) == 1

        # Our name without TLS is sent on to TLS; the log names no visit.
        plain.request("GET", "/workbook", headers={"Host": NAME})
        answer = plain.getresponse()
        assert (answer.status, answer.headers["Location"]) == (308, f"https://{NAME}/workbook")
        assert "0123456789" not in front.log.read_text(encoding="utf-8")


def test_an_adviser_logs_in_and_works_over_tls(
    browser_type: BrowserType, browser_type_launch_args: dict[str, Any], tmp_path: Path, worker_id: str
) -> None:
    database, password = f"sqlite:///{tmp_path / 'team.sqlite3'}", secrets.token_urlsafe(16)
    advisers.add(open_store(database, ""), "hanako", password)
    (port,) = free_ports(1)
    # As deploy/systemd/advisor.env.example has it.
    environment = os.environ | {
        "ADVISOR_DATABASE_URL": database,
        "ADVISOR_LOGIN": "team",
        "ADVISOR_PORT": str(port),
        "ADVISOR_ORIGIN": f"https://{NAME}",
        "ADVISOR_PROXY_FROM": "127.0.0.1",
    }
    command = (sys.executable, "-m", "advisor", "serve", "--no-browser")
    log = ARTEFACTS / f"team-{worker_id}.log"
    alive = f"http://127.0.0.1:{port}/healthz"
    with (
        started(*command, ready=lambda: answers(alive), log=log, environment=environment),
        nginx(tmp_path, port) as front,
    ):
        elsewhere = f"--host-resolver-rules=MAP {NAME}:443 127.0.0.1:{front.tls}"
        arguments = {**browser_type_launch_args, "args": [*browser_type_launch_args["args"], elsewhere]}
        browser = browser_type.launch(**arguments)
        page = browser.new_page(locale="ja-JP", timezone_id="Asia/Tokyo", ignore_https_errors=True)
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        page.goto(f"https://{NAME}/")
        page.get_by_label("名前").fill("hanako")
        page.get_by_label("パスワード").fill(password)
        page.get_by_role("button", name="ログイン").click()
        expect(title(page, "list")).to_be_visible(timeout=60_000)
        page.get_by_role("button", name=SAY["ja"]("desk_new"), exact=True).first.click()  # heard by the kernel
        expect(title(page, "form")).to_be_visible()
        assert page.evaluate("isSecureContext") is True
        assert {urlsplit(url).netloc for url in asked if not url.startswith("data:")} == {NAME}
        browser.close()
