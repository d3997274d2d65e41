"""One mail to one address by SMTP: the only room that speaks with a server."""

from __future__ import annotations

import re
import smtplib
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import NamedTuple

from pipeline.model.stop import Stop
from pipeline.send.addresses import Server
from pipeline.send.ledger import ACCEPTED, DEFERRED, REFUSED, SENDING

_LINE_START = re.compile(rb"^\.", re.MULTILINE)
_MOST_ANSWER = 300
_MB = 1_000_000
_UNKNOWN_CERTIFICATE = "请向信息部门要根证书，把路径写进 addresses.toml 的 ca_file"
_CERTIFICATES = {  # by OpenSSL's codes
    10: "它已过期，请告诉信息部门",
    62: "它是别的服务器的，请核对 addresses.toml 的 host",
    64: "它是别的服务器的，请核对 addresses.toml 的 host",
}


class Answer(NamedTuple):
    """What became of a mail: accepted, deferred (4xx: may be sent again), refused (5xx), or
    sending: all was handed over and no answer came, so that nobody knows."""

    state: str
    text: str


class Unreachable(Stop):
    """Nothing can be sent through the server at all: of the mail at hand nothing has begun."""


def limit_of(server: Server, password: str) -> int:
    """How many bytes a mail may have: the office's limit or the server's, the lower one.

    Raises Unreachable where the server cannot be used.
    """
    with _session(server, password) as smtp:
        limit = smtp.esmtp_features.get("size", "").split()
        own = server.most_mb * _MB
        theirs = int(limit[0]) if limit and limit[0].isdigit() else 0
        return min(own, theirs) if theirs else own


def post(
    server: Server, password: str, address: str, mail: bytes, begin: Callable[[], object]
) -> Answer:
    """Sends one mail; `begin` is called when all is ready, before the first word about it.

    Raises Unreachable while nothing has begun; then `begin` was not called.
    """
    with _session(server, password) as smtp:
        begin()
        try:
            size = [f"size={len(mail)}"] if smtp.has_extn("size") else []
            code, text = smtp.mail(server.sender, size)
            if code // 100 == 2:
                code, text = smtp.rcpt(address)
            if code // 100 != 2:
                return _refused(code, text)
            code, text = smtp.docmd("DATA")
            if code != 354:
                return _refused(code, text)
            smtp.send(_LINE_START.sub(b"..", mail))
        except (OSError, smtplib.SMTPException) as fault:  # the end of the mail was never sent
            return Answer(DEFERRED, f"连接中断，没有发完（{_kind(fault)}）")
        try:
            smtp.send(b"\r\n.\r\n" if not mail.endswith(b"\r\n") else b".\r\n")
            code, text = smtp.getreply()
        except (OSError, smtplib.SMTPException) as fault:
            return Answer(SENDING, f"交出后没有等到答复（{_kind(fault)}）")
        return Answer(ACCEPTED, _answer(code, text)) if code // 100 == 2 else _refused(code, text)


@contextmanager
def _session(server: Server, password: str) -> Iterator[smtplib.SMTP]:
    """Connected, encrypted, certificate checked, logged in; closed politely, whatever that brings."""
    smtp = _connected(server)
    try:
        if server.user:
            _log_in(smtp, server, password)
        yield smtp
    finally:
        with suppress(OSError, smtplib.SMTPException):
            if smtp.sock is not None:
                smtp.sock.settimeout(min(server.timeout, 5))
            smtp.quit()
        smtp.close()


def _log_in(smtp: smtplib.SMTP, server: Server, password: str) -> None:
    try:
        smtp.login(server.user, password)
    except smtplib.SMTPAuthenticationError as fault:
        if fault.smtp_code // 100 == 4:
            raise Unreachable(
                f"邮件服务器暂时不让登录（{fault.smtp_code}），请过一会儿再运行"
            ) from None
        raise Unreachable(
            f"邮件服务器不认用户名或密码（{fault.smtp_code}）。"
            "请核对 addresses.toml 里的 user 和密码所在的文件或环境变量；"
            "有的邮箱要用“授权码”代替登录密码"
        ) from None
    except smtplib.SMTPNotSupportedError:
        raise Unreachable(
            "邮件服务器不让用户名、密码登录，请向信息部门问明该用哪个端口和加密方式"
        ) from None
    except (OSError, smtplib.SMTPException) as fault:
        raise Unreachable(f"登录邮件服务器没有成功（{_kind(fault)}）") from None


def _context(server: Server) -> ssl.SSLContext:
    try:
        return ssl.create_default_context(cafile=server.ca_file or None)
    except (OSError, ssl.SSLError):
        raise Unreachable(
            f"根证书 {server.ca_file} 读不出来，请核对 addresses.toml 的 ca_file"
        ) from None


def _connected(server: Server) -> smtplib.SMTP:
    where = f"{server.host}:{server.port}"
    context = _context(server)
    try:
        if server.security == "tls":
            return _greeted(
                smtplib.SMTP_SSL(server.host, server.port, timeout=server.timeout, context=context)
            )
        smtp = smtplib.SMTP(server.host, server.port, timeout=server.timeout)
        try:
            smtp.starttls(context=context)
        except BaseException:
            smtp.close()
            raise
        return _greeted(smtp)
    except ssl.SSLCertVerificationError as fault:
        remedy = _CERTIFICATES.get(fault.verify_code, _UNKNOWN_CERTIFICATE)
        raise Unreachable(f"邮件服务器 {where} 的证书不可信，已停止。{remedy}") from None
    except ssl.SSLError:
        raise Unreachable(
            f"邮件服务器 {where} 没有按约定加密。请核对 addresses.toml 的 port 和 security"
            "（常见：465 用 tls，587 或 25 用 starttls）"
        ) from None
    except smtplib.SMTPNotSupportedError:
        raise Unreachable(f"邮件服务器 {where} 不支持加密连接，已停止") from None
    except TimeoutError:
        raise Unreachable(f"邮件服务器 {where} 没有答复（等了 {server.timeout} 秒）") from None
    except smtplib.SMTPResponseException as fault:
        raise Unreachable(
            f"邮件服务器 {where} 现在不接待（{fault.smtp_code}），请过一会儿再运行"
        ) from None
    except (OSError, smtplib.SMTPException) as fault:
        raise Unreachable(
            f"连不上邮件服务器 {where}（{_kind(fault)}）。请检查网络和 addresses.toml"
        ) from None


def _greeted(smtp: smtplib.SMTP) -> smtplib.SMTP:
    smtp.ehlo_or_helo_if_needed()
    return smtp


def _refused(code: int, text: bytes) -> Answer:
    return Answer(DEFERRED if code // 100 == 4 else REFUSED, _answer(code, text))


def _answer(code: int, text: bytes) -> str:
    line = " ".join(text.decode("utf-8", "replace").split())
    return f"{code} {line}"[:_MOST_ANSWER]


def _kind(fault: BaseException) -> str:
    return "超时" if isinstance(fault, TimeoutError) else type(fault).__name__
