"""What is left before the first referral can be taken, and where everything of the borough is set."""
