"""Outside to `Article`: files, pages, records, and what a page says of its origin outside its text."""
