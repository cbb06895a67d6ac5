"""Other systems that use the API with a token of one borough."""
