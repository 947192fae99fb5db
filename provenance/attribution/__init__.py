"""Who is said to say it, and through whom."""
