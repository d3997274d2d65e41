"""A real mail server on the loopback: TLS, login, and every way in which it may let one down."""

from __future__ import annotations

import asyncio
import datetime
import ipaddress
import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

USER, PASSWORD = "office", "made-up password"


def certificate(folder: Path, days: int, address: str) -> tuple[Path, Path]:
    """A certificate for an address that is its own authority and ends in so many days, and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "loopback")])
    start = datetime.datetime.now(datetime.UTC) - datetime.timedelta(days=9)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(start)
        .not_valid_after(datetime.datetime.now(datetime.UTC) + datetime.timedelta(days=days))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address(address))]), False
        )
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), True)
        .sign(key, hashes.SHA256())
    )
    crt, pem = folder / "server.crt", folder / "server.key"
    crt.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    pem.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    return crt, pem


@dataclass
class Mailbox:
    """What the server took, and how it behaves: answers by address to RCPT and to the end of DATA."""

    port: int = 0
    security: str = "tls"
    got: list[tuple[str, bytes]] = field(default_factory=list)  # address, the mail
    at_rcpt: dict[str, list[str]] = field(default_factory=dict)
    at_end: dict[str, list[str]] = field(default_factory=dict)  # an answer, "cut" or "hang"
    at_login: list[str] = field(default_factory=list)  # 235, or why not
    open: int = 0
    changed: threading.Condition = field(default_factory=threading.Condition)

    def talks(self, more: int) -> None:
        with self.changed:
            self.open += more
            self.changed.notify_all()

    def wait_until_quiet(self) -> None:
        """Until the server has done with everybody who ever spoke with it."""
        with self.changed:
            assert self.changed.wait_for(lambda: self.open == 0, timeout=60)

    def addresses(self) -> list[str]:
        return sorted(address for address, _ in self.got)

    # what aiosmtpd asks
    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:  # fmt: skip
        if waiting := self.at_rcpt.get(address):
            return waiting.pop(0)
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        (address,) = envelope.rcpt_tos
        answer = waiting.pop(0) if (waiting := self.at_end.get(address)) else "250 queued as 1"
        if answer[0] in "45":
            return answer
        self.got.append((address, envelope.original_content))
        if answer == "cut":
            server.transport.abort()
        if answer == "hang":
            await asyncio.sleep(4)
        return answer if answer[0] == "2" else "250 late"


@contextmanager
def mail_server(
    folder: Path,
    *,
    security: str = "tls",
    size: int = 30_000_000,
    days: int = 30,
    address: str = "127.0.0.1",
) -> Iterator[Mailbox]:
    """The server while it runs; its certificate lies in `folder`."""
    crt, key = certificate(folder, days, address)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(crt, key)
    mailbox = Mailbox(free_port(), security)

    def authenticate(
        server: Any, session: Any, envelope: Any, mechanism: str, data: Any
    ) -> AuthResult:
        if mailbox.at_login and not (answer := mailbox.at_login.pop(0)).startswith("235"):
            return AuthResult(success=False, handled=False, message=answer)
        sound = (data.login, data.password) == (USER.encode(), PASSWORD.encode())
        return AuthResult(success=sound, handled=False)

    class Session(SMTP):
        def connection_made(self, transport: Any) -> None:
            if self.session is None:  # not when it is made once more, encrypted
                mailbox.talks(1)
            super().connection_made(transport)
            if security == "tls":  # encrypted from the first byte, which aiosmtpd does not know
                self._tls_protocol = transport.get_extra_info("ssl_object")

        def connection_lost(self, error: Exception | None) -> None:
            super().connection_lost(error)
            mailbox.talks(-1)

    class Office(Controller):
        def factory(self) -> SMTP:
            return Session(self.handler, **self.SMTP_kwargs)

    controller = Office(
        mailbox,
        hostname="127.0.0.1",
        port=mailbox.port,
        ready_timeout=20,
        ssl_context=context if security == "tls" else None,
        tls_context=context if security == "starttls" else None,
        require_starttls=security == "starttls",
        authenticator=authenticate,
        auth_required=True,
        auth_require_tls=True,
        data_size_limit=size,
    )
    controller.start()
    try:
        yield mailbox
    finally:
        controller.stop()


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


@contextmanager
def silent_server() -> Iterator[int]:
    """A port that takes connections and never says a word."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        one.listen()
        held: list[socket.socket] = []

        def take() -> None:
            while True:
                try:
                    held.append(one.accept()[0])
                except OSError:
                    return

        threading.Thread(target=take, daemon=True).start()
        yield int(one.getsockname()[1])
        one.shutdown(socket.SHUT_RDWR)
    for other in held:
        other.close()
