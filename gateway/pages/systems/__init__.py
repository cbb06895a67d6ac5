"""Other systems that use the API: their tokens, made, shown once, renewed and taken back."""
