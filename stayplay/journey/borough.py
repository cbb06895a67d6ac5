"""A practice borough with its people, venue and group, made through the public interface."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import uuid4

from stayplay.client import Client

PASSWORD = f"practice only {uuid4()}"

AGENCIES = [
    {"name": "CAMHS", "kind": "camhs"},
    {"name": "Adult mental health team", "kind": "adult_mental_health"},
    {"name": "First Place Children's Centre", "kind": "childrens_centre"},
    {"name": "Health visiting", "kind": "referring"},
]


@dataclass
class Member:
    """Somebody of the borough, signed in."""

    id: str
    person_id: str
    name: str
    agency: dict[str, Any]
    email: str
    client: Client


@dataclass
class Borough:
    """A borough as its operator and its administrator set it up.

    Attributes:
        operator: client with the operator's token.
        slug: the borough's name in addresses; made unique, so that runs don't meet.
    """

    operator: Client
    name: str
    slug: str
    gss_code: str
    password: str = PASSWORD
    id: str = ""
    members: dict[str, Member] = field(default_factory=dict)
    agencies: dict[str, dict[str, Any]] = field(default_factory=dict)

    @property
    def base(self) -> str:
        """Return the path that the borough's addresses begin with."""
        return f"/api/v1/{self.slug}"

    def __getitem__(self, who: str) -> Client:
        """Return the client of one member, for example ``borough["camhs"]``."""
        return self.members[who].client

    def dated(self, moment: datetime | None) -> None:
        """Date everything that the members do from now on at ``moment``; None for the real time."""
        for member in self.members.values():
            member.client.at = moment

    def onboard(self) -> None:
        """Make the borough; its administrator accepts the invitation and signs in."""
        email = f"administrator@{self.slug}.example"
        answer = self.operator.post(
            "/api/v1/operator/boroughs",
            {
                "slug": self.slug,
                "name": self.name,
                "gss_code": self.gss_code,
                "programme_name": f"{self.name} Stay & Play",
                "practice": True,
                "agencies": AGENCIES,
                "administrator": {"name": "Ada Minister", "email": email},
            },
        )
        self.id = answer["id"]
        self._join("administrator", "Ada Minister", email, answer["invitation"])
        listed = self["administrator"].get(f"{self.base}/agencies")["items"]
        self.agencies = {agency["kind"]: agency for agency in listed}

    def invite(self, who: str, name: str, role: str, agency_kind: str) -> None:
        """Invite somebody as the administrator; they accept, choose a password and sign in."""
        email = f"{who.replace('_', '.')}@{self.slug}.example"
        body = {"name": name, "email": email, "roles": [role], "agency_id": self.agencies[agency_kind]["id"]}
        self._join(who, name, email, self["administrator"].post(f"{self.base}/invitations", body))

    def _join(self, who: str, name: str, email: str, invitation: dict[str, Any]) -> None:
        anyone = self.operator.with_token("")
        anyone.post(f"/api/v1/invitations/{invitation['token']}", {"password": self.password})
        client = anyone.signed_in(email, self.password)
        anyone.close()
        me = client.get(f"{self.base}/me")
        self.members[who] = Member(me["id"], me["person_id"], name, me.get("agency") or {}, email, client)

    def erase(self) -> None:
        """Take the borough away again, with all that it holds."""
        if self.id:
            self.operator.delete(f"/api/v1/operator/boroughs/{self.id}")
        for member in self.members.values():
            member.client.close()
