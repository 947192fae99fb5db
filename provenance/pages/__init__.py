"""Pages: HTML that the report and the web pages share. It shows records; it infers nothing."""
