"""Posting to a receiver whom nobody trusts: checked addresses, short times, small answers."""

import socket
import ssl
import time
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from typing import Any

import httpcore

from feed.webhooks.guard import NotPublic, addresses_of

TIMEOUT_S = 10.0
_READ_AT_MOST = 4_096
_WRITE_AT_ONCE = 65_536
# By X509_V_ERR_* of OpenSSL; of all others no authority that we trust says that it is good.
_CERTIFICATE_ERRORS = {10: "tls_expired", 62: "tls_other_name", 64: "tls_other_name"}
# A name server that hangs holds a thread here, and not the one that sends.
_lookups = ThreadPoolExecutor(max_workers=32, thread_name_prefix="lookup")


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one attempt: ``error`` in fixed words, empty for a success."""

    status_code: int | None = None
    error: str = ""


@cache
def _tls() -> ssl.SSLContext:
    """Return the context that all share: to read the authorities' certificates takes long."""
    return ssl.create_default_context()


class Receiver:
    """The connection to one address, for some posts after another. Close it afterwards."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._backend = _Guarded()
        self._pool = httpcore.ConnectionPool(
            ssl_context=_tls(),
            max_connections=1,
            network_backend=self._backend,
        )

    def post(self, headers: dict[str, str], body: bytes) -> Outcome:
        """Post once, within ten seconds in all; redirects are not followed. Raises nothing."""
        self._backend.deadline = time.monotonic() + TIMEOUT_S
        try:
            with self._pool.stream(
                "POST", self._url, headers=list(headers.items()), content=body
            ) as answer:
                status = answer.status
                _read_some(answer)
        except NotPublic:
            return Outcome(error="address_not_public")
        except socket.gaierror:
            return Outcome(error="name_not_found")
        except (httpcore.TimeoutException, TimeoutError):
            return Outcome(error="timeout")
        except (httpcore.ConnectError, ssl.SSLError) as exc:
            return Outcome(error=_connect_error(exc))
        except (httpcore.NetworkError, httpcore.ProtocolError, OSError, ValueError):
            return Outcome(error="connection_lost")
        return Outcome(status, _error_of(status))

    def close(self) -> None:
        """Close the connection."""
        self._pool.close()


def _read_some(answer: httpcore.Response) -> None:
    """Read a short answer, so that the connection can be used again; the status has decided."""
    read = 0
    with suppress(httpcore.NetworkError, httpcore.ProtocolError, httpcore.TimeoutException):
        for chunk in answer.iter_stream():
            read += len(chunk)
            if read > _READ_AT_MOST:
                return


def _connect_error(exc: Exception) -> str:
    """Return which fault of a certificate it was, that of TLS otherwise, or of the connection."""
    # httpcore hands on what it met as the only argument.
    cause = exc if isinstance(exc, ssl.SSLError) else next(iter(exc.args), None)
    if isinstance(cause, ssl.SSLCertVerificationError):
        return _CERTIFICATE_ERRORS.get(cause.verify_code, "tls_not_trusted")
    return "tls" if isinstance(cause, ssl.SSLError) else "not_connected"


def _error_of(status: int) -> str:
    if 200 <= status < 300:
        return ""
    if 300 <= status < 400:
        return "redirect"
    return "gone" if status == 410 else "refused"


class _Guarded(httpcore.SyncBackend):
    """Connects to addresses that were checked, not to a name that may mean another by then."""

    deadline = 0.0

    def left(self) -> float:
        """Return the seconds until the deadline; ``TimeoutError`` where it has passed."""
        left = self.deadline - time.monotonic()
        if left <= 0:
            raise TimeoutError
        return left

    def connect_tcp(self, host: str, port: int, *_args: Any, **_options: Any) -> Any:
        lookup = _lookups.submit(addresses_of, host, port)
        error: Exception = NotPublic()
        for address in lookup.result(timeout=self.left()):
            try:
                stream = super().connect_tcp(address, port, timeout=self.left())
            except httpcore.ConnectError as exc:
                error = exc
            else:
                return _Timed(stream, self)
        raise error

    def connect_unix_socket(self, *_args: Any, **_options: Any) -> Any:
        raise NotPublic


class _Timed(httpcore.NetworkStream):
    """A stream whose every step must end before the deadline of the whole."""

    def __init__(self, stream: httpcore.NetworkStream, backend: _Guarded) -> None:
        self._stream, self._backend = stream, backend

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, self._backend.left())

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        for piece in _pieces(buffer):
            self._stream.write(piece, self._backend.left())

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore.NetworkStream:
        left = self._backend.left()
        return _Timed(self._stream.start_tls(ssl_context, server_hostname, left), self._backend)

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)


def _pieces(buffer: bytes) -> Iterable[bytes]:
    return (
        buffer[start : start + _WRITE_AT_ONCE] for start in range(0, len(buffer), _WRITE_AT_ONCE)
    )
