"""The address book of an office: addresses.toml in the home folder, checked whole before it is believed."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from pipeline.model.stop import Stop
from pipeline.programme import Programme
from pipeline.programme.faults import Faults, ProgrammeFault
from pipeline.programme.shapes import read_as
from pipeline.programme.toml import Toml, is_absent

BOOK = "addresses.toml"
_ADDRESS = re.compile(r"[A-Za-z0-9._%+-]+@(?P<domain>[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*)", re.ASCII)
_SECURITIES = ("tls", "starttls")
_LOCKS = ("zip", "office")
_LEAST_KEY = 8
_OTHERS = 0o077


@dataclass(frozen=True)
class Server:
    """Through which server mail goes. The password lies in a file or in the environment, never here."""

    host: str
    sender: str
    port: int = 465
    security: str = "tls"
    user: str = ""
    password_env: str = ""
    password_file: str = ""
    ca_file: str = ""  # of an office's own authority; else what the machine trusts
    timeout: int = 60
    most_mb: int = 20
    domains: tuple[str, ...] = ()  # to which alone mail may go; to any where none is named


@dataclass(frozen=True)
class Recipient:
    """One agency or unit by its name, its addresses, where its key lies, and what the key locks: zip
    for archives, office for the password with which Excel, Word and WPS open a file."""

    name: str
    to: tuple[str, ...] = ()
    key_env: str = ""
    key_file: str = ""
    lock: str = "zip"


@dataclass(frozen=True)
class AddressBook:
    """Who can be written to, and how."""

    root: Path
    server: Server | None
    recipients: Mapping[str, Recipient]
    counties: Recipient | None = None  # whose key is that of every unit without one of its own

    def addresses(self, name: str) -> tuple[str, ...]:
        """The addresses of an agency or unit; none where the book does not have it."""
        return self.recipients[name].to if name in self.recipients else ()

    def lock(self, name: str) -> str:
        """How its personal papers are locked."""
        entry = self._locking(name)
        return entry.lock if entry else _LOCKS[0]

    def has_key(self, name: str) -> bool:
        """Whether the book says where a key to its papers lies."""
        return self._locking(name) is not None

    def _locking(self, name: str) -> Recipient | None:
        own = self.recipients.get(name)
        if own and (own.key_env or own.key_file):
            return own
        return self.counties if name.isdigit() else None

    def key(self, name: str) -> bytes | None:
        """The key to the archives of an agency or unit. Raises Stop for one that is no key."""
        entry = self._locking(name)
        if entry is None:
            return None
        key = self._secret(entry.key_env, entry.key_file, f"{name}的加密密码", _LEAST_KEY)
        if key is not None and not (key.isascii() and key.decode("ascii").isprintable()):
            # archivers on Windows turn other characters into bytes in their own ways
            raise Stop(f"{name}的加密密码只能用英文字母、数字和符号，汉字的对方打不开")
        return key

    def password(self) -> str:
        """The server's password, '' where it wants none. Raises Stop where it cannot be read."""
        if self.server is None or not self.server.user:
            return ""
        server = self.server
        found = self._secret(server.password_env, server.password_file, "发信密码", 1)
        if found is None:
            raise Stop(f"{BOOK} 里写了 user，没有写 password_env 或 password_file")
        if not found.isascii():
            raise Stop("发信密码里有汉字或全角字符，邮件服务器认不得，请重新输入")
        return found.decode("ascii")

    def _secret(self, variable: str, file: str, what: str, least: int) -> bytes | None:
        if variable:
            text = os.environ.get(variable, "")
            if not text:
                raise Stop(f"环境变量 {variable} 是空的，取不到{what}")
        elif file:
            text = self._from_file(Path(file), what)
        else:
            return None
        if len(text) < least:
            raise Stop(f"{what}太短，至少 {least} 个字符")
        return text.encode("utf-8")

    def _from_file(self, file: Path, what: str) -> str:
        whole = (self.root / file).resolve()
        for folder in ("schemas", "templates", "inbox", "outbox"):
            if whole.is_relative_to((self.root / folder).resolve()):
                raise Stop(f"{what}不能放在 {folder} 里，请移到别处，并改 {BOOK}")
        try:
            mode = whole.stat().st_mode
            text = whole.read_text(encoding="utf-8-sig").strip("\r\n")
        except (OSError, UnicodeDecodeError):
            raise Stop(f"{what}的文件 {whole} 读不出来") from None
        if os.name == "posix" and mode & _OTHERS:
            raise Stop(f"{what}的文件 {whole} 别人也能读，请先运行 chmod 600")
        return text


def read_addresses(root: Path, programme: Programme) -> AddressBook:
    """The book of a home folder; without the file nobody can be written to.

    Raises ProgrammeFault with file and line for everything that is wrong in it.
    """
    file = root / BOOK
    if is_absent(file):
        return AddressBook(root, None, {})
    toml, faults = Toml(file), Faults()
    for line, word in toml.unknown(("server", "recipients", "counties")):
        faults.add(file, line, f"不认识的词“{word}”，这里只写 [server]、[counties]、[[recipients]]")
    counties = _counties(toml, faults)
    server = _server(toml, faults)
    domains = server.domains if server else ()
    recipients: dict[str, Recipient] = {}
    known = {a.name for a in programme.agencies} | set(programme.gazetteer.by_code)
    try:
        entries = toml.entries("recipients")
    except ProgrammeFault as fault:
        faults.take(fault)
        entries = []
    for nth, (line, entry) in enumerate(entries):
        values, wrong = read_as(Recipient, entry)
        for place, message in wrong:
            faults.add(file, toml.line("recipients", nth, *place[:1]), f"[[recipients]] {message}")
        if wrong:
            continue
        recipient = Recipient(**values)
        if recipient.name not in known:
            faults.add(file, line, f"name = “{recipient.name}”，要写机构名或六位单位代码")
        if recipient.name in recipients:
            faults.add(file, line, f"name = “{recipient.name}”写了两次")
        if recipient.lock not in _LOCKS:
            faults.add(
                file, toml.line("recipients", nth, "lock"), f"lock 只能是 {'、'.join(_LOCKS)}"
            )
        for address in recipient.to:
            if wrong_address := _address_fault(address, domains):
                faults.add(file, toml.line("recipients", nth, "to"), wrong_address)
        recipients[recipient.name] = recipient
    faults.stop()
    if server is not None and server.ca_file:
        server = replace(server, ca_file=str((root / server.ca_file).resolve()))
    return AddressBook(root, server, recipients, counties)


def _counties(toml: Toml, faults: Faults) -> Recipient | None:
    """The key that all units share that have none of their own: [counties] with key_file or key_env."""
    entry: Any = toml.whole.get("counties")
    if entry is None:
        return None
    line = toml.line("counties")
    if (
        not isinstance(entry, dict)
        or set(entry) - {"key_env", "key_file", "lock"}
        or not (entry.get("key_env") or entry.get("key_file"))
    ):
        faults.add(toml.path, line, "[counties] 里要写 key_file 或 key_env，另外只可写 lock")
        return None
    values, wrong = read_as(Recipient, {"name": "counties", **entry})
    for place, message in wrong:
        faults.add(toml.path, toml.line("counties", *place[:1]), f"[counties] {message}")
    if not wrong and values.get("lock", _LOCKS[0]) not in _LOCKS:
        faults.add(toml.path, line, f"[counties] lock 只能是 {'、'.join(_LOCKS)}")
        return None
    return None if wrong else Recipient(**values)


def _address_fault(address: str, domains: tuple[str, ...]) -> str:
    match = _ADDRESS.fullmatch(address)
    if match is None:
        return f"“{address}”不是邮箱地址"
    domain = match["domain"].lower()
    if domains and not any(domain == d or domain.endswith(f".{d}") for d in domains):
        return f"“{address}”不在 [server] domains 准许的范围里"
    return ""


def _server(toml: Toml, faults: Faults) -> Server | None:
    entry: Any = toml.whole.get("server")
    if entry is None:
        return None
    if not isinstance(entry, dict):
        faults.add(toml.path, toml.line("server"), "server 要写成一节：[server]")
        return None
    values, wrong = read_as(Server, entry)
    for place, message in wrong:
        faults.add(toml.path, toml.line("server", *place[:1]), f"[server] {message}")
    if wrong:
        return None
    server = Server(**values)
    remarks = {
        "security": server.security not in _SECURITIES and f"只能是 {'、'.join(_SECURITIES)}",
        "port": not 0 < server.port < 65536 and "要在 1 到 65535 之间",
        "timeout": not 0 < server.timeout <= 600 and "要在 1 到 600 秒之间",
        "most_mb": server.most_mb < 1 and "要大于 0",
        "sender": _address_fault(server.sender, ()),
    }
    for word, remark in remarks.items():
        if remark:
            faults.add(toml.path, toml.line("server", word), f"[server] {word} {remark}")
    return server
