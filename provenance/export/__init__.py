"""Out of the house: rows for programs, tables for people, files for other tools."""
