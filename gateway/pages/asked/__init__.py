"""The page behind the link of a question to a referrer: no account, one answer."""
