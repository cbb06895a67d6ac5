"""Frames as they come in, put together to methods and messages.

py-amqp's own handler lets a header that does not parse end the connection. The broker then delivers the same message
again, and so for ever: anybody who may publish could keep a service from working. Here such a message
arrives without properties, and whoever consumes it refuses it.
"""

from collections.abc import Callable
from struct import Struct
from typing import Any

from amqp import spec
from amqp.basic_message import Message
from amqp.exceptions import UnexpectedFrame

METHOD, HEADER, BODY, HEARTBEAT = 1, 2, 3, 8
CARRYING = frozenset({spec.Basic.Return, spec.Basic.Deliver, spec.Basic.GetOk})
SIGNATURE = Struct(">HH")
SIZE = Struct(">HxxQ")

Frame = tuple[int, int, bytes]
Callback = Callable[[int, tuple[int, int], bytes, Any], None]


class LenientMessage(Message):
    """A message that arrives even when its properties can't be read."""

    properties: dict[str, Any]

    def inbound_header(self, buf: bytes, offset: int = 0) -> int:
        """Take the size of the body and the properties."""
        try:
            end: int = super().inbound_header(buf, offset)
        except Exception:  # whatever a stranger put there, it is theirs to explain
            _, self.body_size = SIZE.unpack_from(buf, offset)
            self.ready = not self.body_size
            self.properties = {}
            return len(buf)
        return end


def frame_handler(connection: Any, callback: Callback) -> Callable[[Frame], bool]:
    """Return what takes frames one by one, and tells whether one completed a method."""
    arriving: dict[int, LenientMessage] = {}

    def complete(channel: int) -> bool:
        message = arriving[channel]
        if not message.ready:
            return False
        del arriving[channel]
        callback(channel, message.frame_method, message.frame_args, message)
        return True

    def take(frame: Frame) -> bool:
        kind, channel, payload = frame
        connection.bytes_recv += 1
        if kind == HEARTBEAT:
            return False
        if kind == METHOD:
            method = SIGNATURE.unpack_from(payload)
            if method in CARRYING:
                arriving[channel] = LenientMessage(frame_method=method, frame_args=payload)
                return False
            callback(channel, method, payload, None)
            return True
        if channel not in arriving or kind not in {HEADER, BODY}:
            raise UnexpectedFrame(f"a frame of type {kind} came out of turn")
        part = arriving[channel].inbound_header if kind == HEADER else arriving[channel].inbound_body
        part(payload)
        return complete(channel)

    return take
