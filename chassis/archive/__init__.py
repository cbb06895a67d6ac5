"""A borough in a file: every row of every service, written so that people can read it and another installation can take it in.

* `contents`: what goes into an archive, and what stays out and why.
* `source`, `target`: one service's database, read as it was at one moment, or written to.
* `manifest`: what an archive says of itself, with the checksum of each of its files.
* `packing`, `unpacking`: the file itself; whatever comes from outside is believed only after it was checked.

Databases are reached by the role that row-level security binds to one borough: nothing of another can come along.
"""
