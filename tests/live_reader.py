"""A reader of a live stream: parses the messages that come over a socket."""

import json
import socket
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Message:
    """One message as a browser would tell it."""

    kind: str
    id: str
    data: Any


def parsed(text: str) -> Message | None:
    """Message of its text; None where it is none, such as the time to come back."""
    fields = dict(line.split(": ", 1) for line in text.split("\n") if ": " in line)
    return Message(fields["event"], fields.get("id", ""), json.loads(fields["data"])) if "event" in fields else None


class Reader:
    """Reads messages from a socket; `head` is what came before the first."""

    def __init__(self, sock: socket.socket) -> None:
        self.sock = sock
        self.rest = b""
        self.messages: list[Message] = []
        self.open = True

    def take(self) -> list[Message]:
        """Read what has come, without waiting on a socket that does not block; gives the new messages."""
        try:
            while self.open:
                data = self.sock.recv(1 << 16)
                self.open = bool(data)
                self.rest += data
                if self.sock.gettimeout() is None:
                    break
        except BlockingIOError:
            pass
        *whole, self.rest = self.rest.split(b"\n\n")
        new = [message for text in whole if (message := parsed(text.decode()))]
        self.messages += new
        return new

    def of(self, kind: str) -> list[Message]:
        """Messages of a kind so far."""
        return [message for message in self.messages if message.kind == kind]

    @property
    def kinds(self) -> list[str]:
        return [message.kind for message in self.messages]

    @property
    def seqs(self) -> list[int]:
        """Places in the log of the cases so far."""
        return [message.data["seq"] for message in self.of("case")]

    @property
    def last_id(self) -> str:
        """Id that a browser would come back with."""
        return next((message.id for message in reversed(self.messages) if message.id), "")
