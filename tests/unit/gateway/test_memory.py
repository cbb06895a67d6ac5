"""What a process of the gateway holds: no library before it is used, and no memory of a password after it is hashed."""

import subprocess
import sys
from pathlib import Path

import pytest

from chassis.later import Later

RARELY_NEEDED = ("zxcvbn", "webauthn", "cbor2", "pyasn1", "confusable_homoglyphs", "segno", "PIL", "fpdf", "fontTools")

STARTED = """
import stayplay.green
import sys
import gateway.service
from tests.support.gateway import application
assert application().test_client().get("/sign-in").status_code == 200
print(*sorted({name.partition(".")[0] for name in sys.modules}))
"""

HASHED = """
import stayplay.green
import eventlet
from gateway.people import passwords

def held():
    with open("/proc/self/smaps_rollup") as lines:
        return next(int(line.split()[1]) for line in lines if line.startswith("Pss:")) // 1024

passwords.is_right("three quiet words", None)
before = held()
list(eventlet.GreenPool(12).imap(lambda number: passwords.is_right(f"guess {number}", None), range(24)))
print(held() - before)
"""


def said(program: str) -> str:
    """Return what a process of its own prints."""
    return subprocess.run([sys.executable, "-W", "ignore", "-c", program], check=True, capture_output=True, text=True).stdout


def test_what_is_rarely_needed_is_not_loaded_at_the_start() -> None:
    assert set(said(STARTED).split()) & set(RARELY_NEEDED) == set()


@pytest.mark.skipif(not Path("/proc/self/smaps_rollup").exists(), reason="only Linux tells")
def test_the_memory_of_many_hashes_at_once_is_given_back() -> None:
    assert int(said(HASHED)) < 25, "MB; four threads that kept theirs would hold 76"


def test_a_module_that_comes_later_is_the_module() -> None:
    later = Later("fractions")
    assert later.Fraction(1, 2) * 2 == 1
    assert later.Fraction is sys.modules["fractions"].Fraction


def test_what_a_module_does_not_have_it_does_not_have_later() -> None:
    with pytest.raises(AttributeError):
        Later("fractions").no_such_thing  # noqa: B018 - to ask is the test


def test_a_module_that_is_not_there_is_missed_at_its_first_use() -> None:
    with pytest.raises(ModuleNotFoundError):
        Later("no_such_module").anything  # noqa: B018 - to ask is the test
