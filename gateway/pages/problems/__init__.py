"""What a page says when something can't be done."""
