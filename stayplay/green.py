"""Makes this process cooperative: imported before anything else by what runs services in its own process."""

import ctypes
import os

# Threads are for the work of one processor at a time (hashing passwords), which takes 19 MiB each.
os.environ.setdefault("EVENTLET_THREADPOOL_SIZE", str(min(4, os.cpu_count() or 1)))

import eventlet

eventlet.monkey_patch()

# glibc gives each thread an arena of memory of its own, which would keep the 19 MiB of a hash for ever; from one that all share they
# are given back. It is said before the threads start. Where there is no glibc, there is nobody to say it to.
_M_ARENA_MAX = -8
if hasattr(_libc := ctypes.CDLL(None), "mallopt"):
    _libc.mallopt(_M_ARENA_MAX, 1)
