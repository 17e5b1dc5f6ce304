"""The options of the server, from command line and environment, and the combinations that are not allowed."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from typing import Literal, get_args
from urllib.parse import urlsplit

Login = Literal["alone", "team", "proxy", "hub"]
LOGINS: tuple[Login, ...] = get_args(Login)
DEFAULT_PORT = 8866
LOOPBACK = "127.0.0.1"


@dataclass(frozen=True, slots=True)
class Options:
    """The options of the server.

    login: who may come in. "alone": the person with the link printed at the start; "team": advisers with a password;
        "proxy": advisers that a proxy names in a header; "hub": advisers that a JupyterHub sends.
    host: the address to listen on. port: None means 8866, or any other if that is taken.
    origin: the public address for browsers, as ``https://desk.example``; empty: the server's own address.
    base_url: the path above all pages; only a JupyterHub sets it.
    proxy_header: the header that names the adviser. proxy_from: the addresses of proxies; only from these are the
        header and X-Forwarded-For believed.
    proxy_user: the users of this machine as which the proxy runs, if it runs here (Linux); root and the server's own
        user are always allowed.
    sessions: how many pages may be open at once. tabs: how many of them by one adviser.
    """

    login: Login = "alone"
    host: str = LOOPBACK
    port: int | None = None
    origin: str = ""
    base_url: str = "/"
    proxy_header: str = ""
    proxy_from: tuple[str, ...] = ()
    proxy_user: tuple[str, ...] = ()
    sessions: int = 100
    tabs: int = 20

    @property
    def is_secure(self) -> bool:
        """Whether browsers come by https."""
        return self.origin.startswith("https://")

    def origins(self, port: int) -> frozenset[str]:
        """Return the values that are allowed as Origin."""
        if self.origin:
            return frozenset([self.origin])
        return frozenset(f"http://{host}:{port}" for host in (self.host, LOOPBACK, "localhost"))

    def hosts(self, port: int) -> frozenset[str]:
        """Return the values that are allowed as Host."""
        return frozenset(urlsplit(origin).netloc for origin in self.origins(port))


def problem(options: Options) -> str:
    """Return the word of the message for the first broken rule; empty if the options are allowed."""
    rules = {
        "serve_bad_origin": bool(options.origin) and not _is_origin(options.origin),
        "serve_alone_is_local": options.login == "alone" and (bool(options.origin) or not _is_loopback(options.host)),
        "serve_needs_https": not _is_loopback(options.host) and not options.is_secure,  # without it, passwords are open
        "serve_needs_proxy": options.login == "proxy" and not (options.proxy_header and options.proxy_from),
        "serve_bad_user": any(uid(name) is None for name in options.proxy_user),
        "serve_bad_address": not all(map(_is_address, options.proxy_from)),
    }
    return "" if options.login == "hub" else next((word for word, holds in rules.items() if holds), "")


def _is_origin(text: str) -> bool:
    """Return whether a text is only scheme, host and maybe port."""
    parts = urlsplit(text)
    return (
        parts.scheme in {"http", "https"}
        and bool(parts.hostname)
        and text == f"{parts.scheme}://{parts.netloc}".lower()
    )


def _is_address(text: str) -> bool:
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True


def uid(name: str) -> int | None:
    """Return the number of a user of this machine; None if there is no user of that name."""
    try:
        import pwd  # noqa: PLC0415  (not on Windows)

        return pwd.getpwnam(name).pw_uid
    except (ImportError, KeyError):
        return None


def _is_loopback(host: str) -> bool:
    return host == "localhost" or (_is_address(host) and ipaddress.ip_address(host).is_loopback)
