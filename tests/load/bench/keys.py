"""Where the two processes of our hop find the keys that they share."""

PRIVATE, PUBLIC = "BENCH_PRIVATE_KEY", "BENCH_PUBLIC_KEY"
