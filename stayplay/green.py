"""Makes this process cooperative: imported before anything else by what runs services in its own process."""

import os

# Threads are for the work of one processor at a time (hashing passwords); each keeps the 19 MiB that a hash needs.
os.environ.setdefault("EVENTLET_THREADPOOL_SIZE", str(min(4, os.cpu_count() or 1)))

import eventlet

eventlet.monkey_patch()
