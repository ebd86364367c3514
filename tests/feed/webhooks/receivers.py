"""Receivers on real sockets, good and bad, and what they were sent."""

import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

ANSWER = "HTTP/1.1 {status} X\r\nContent-Length: {length}\r\n{more}\r\n{body}"


@dataclass
class Receiver:
    """What came in: bodies and headers in their order; ``answers`` decides what goes out."""

    url: str
    answers: Callable[["Receiver", socket.socket], bool]
    received: list[tuple[dict[str, str], bytes]] = field(default_factory=list)
    connections: int = 0
    ended: threading.Event = field(default_factory=threading.Event)

    def ids(self) -> list[str]:
        """Return the webhook-id of each message that came in."""
        return [headers["webhook-id"] for headers, _body in self.received]


def answering(status: int, more: str = "", body: str = "") -> Callable[..., bool]:
    """Answer every message like this."""
    text = ANSWER.format(status=status, length=len(body), more=more, body=body)

    def answer(_receiver: Receiver, connection: socket.socket) -> bool:
        connection.sendall(text.encode())
        return True

    return answer


def hanging(receiver: Receiver, _connection: socket.socket) -> bool:
    """Take everything and answer nothing."""
    receiver.ended.wait(30)
    return False


def dropping(_receiver: Receiver, _connection: socket.socket) -> bool:
    """Close in the middle."""
    return False


def dripping(receiver: Receiver, connection: socket.socket) -> bool:
    """Answer a byte at a time, each in good time, and never come to an end."""
    connection.sendall(b"HTTP/1.1 200 OK\r\nX-Slow: ")
    while not receiver.ended.wait(0.05):
        connection.sendall(b"x")
    return False


@contextmanager
def receiver(answers: Callable[..., bool], tls: ssl.SSLContext | None = None) -> Iterator[Receiver]:
    """Run a receiver on a free port of this machine, by TLS where a context is given."""
    listener = socket.create_server(("127.0.0.1", 0))
    running = Receiver(f"http://127.0.0.1:{listener.getsockname()[1]}/hook", answers)
    threading.Thread(target=_accept, args=(listener, running, tls), daemon=True).start()
    try:
        yield running
    finally:
        running.ended.set()
        listener.close()


def _accept(listener: socket.socket, running: Receiver, tls: ssl.SSLContext | None) -> None:
    while True:
        try:
            connection, _address = listener.accept()
        except OSError:
            return
        running.connections += 1
        threading.Thread(target=_serve, args=(connection, running, tls), daemon=True).start()


def _serve(connection: socket.socket, running: Receiver, tls: ssl.SSLContext | None) -> None:
    try:
        if tls:
            connection = tls.wrap_socket(connection, server_side=True)
        with connection, connection.makefile("rb") as stream:
            while message := _message(stream):
                running.received.append(message)
                if not running.answers(running, connection):
                    return
    except OSError:
        return


def _message(stream: object) -> tuple[dict[str, str], bytes] | None:
    if not stream.readline():  # type: ignore[attr-defined]
        return None
    headers = {}
    while line := stream.readline().strip():  # type: ignore[attr-defined]
        name, _, value = line.decode().partition(":")
        headers[name.lower()] = value.strip()
    return headers, stream.read(int(headers["content-length"]))  # type: ignore[attr-defined]
