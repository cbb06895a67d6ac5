"""What a borough's administrators are told at once: that somebody broke the glass of a restricted family, that a system was stopped."""
