"""One bench a file: add_arguments(parser), run(asked) -> (rows, missed targets)."""
