"""Mail to people: put in with what causes it, sent by every process of the gateway, forgotten afterwards.

work.post.put(to=member.email, subject="...", text="...", kind="notice")    # in a borough's work, with its commit
Post(session).put(to=..., subject=..., text=..., kind="reset")              # beside sign-in, with the session's commit
"""

from gateway.people.mail.repository import Post, Postbox
from gateway.people.mail.sender import Sender
from gateway.people.mail.transport import Refused, Transport, transport_of

__all__ = ["Post", "Postbox", "Refused", "Sender", "Transport", "transport_of"]
