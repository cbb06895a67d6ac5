"""Debian's packages, for the programs that no Python package brings: RabbitMQ and Chromium."""

import os
import shutil
import subprocess


class Missing(Exception):
    """A program is not there and can't be installed; the message says in one line what to install."""


def program(path: str, *, package: str) -> str:
    """Return the path of a program, installing the package it comes in where it is missing.

    Raises:
        Missing: it can't be installed.
    """
    found = shutil.which(path)
    if found is None:
        _install(package)
        found = shutil.which(path)
    if found is None:
        raise Missing(f"{package} is needed to run the tests: install it (Debian, Ubuntu: sudo apt-get install {package})")
    return found


def _install(package: str) -> None:
    """Install quietly. A failure is no news here: the program is looked for again, and what to do is said then."""
    apt = shutil.which("apt-get")
    as_root = [] if os.geteuid() == 0 else ["sudo", "-n"]
    if apt is None or (as_root and shutil.which("sudo") is None):
        return
    # RUNLEVEL=1: the package's own service is not to be started, only its program is wanted
    quiet = ["env", "DEBIAN_FRONTEND=noninteractive", "RUNLEVEL=1", apt, "-qq", "-o", "DPkg::Lock::Timeout=120"]
    print(f"Installing Debian's {package}", flush=True)
    for command in (["update"], ["install", "-y", "--no-install-recommends", package]):
        subprocess.run([*as_root, *quiet, *command], check=False, capture_output=True)
