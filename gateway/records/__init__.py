"""Rights of the people in the records, where the gateway has a part: it gathers, makes files, and erases what it would still send."""
