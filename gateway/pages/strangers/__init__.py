"""What pages have in common that anybody can use without an account: traps for machines, a way to leave, the head without a menu."""
