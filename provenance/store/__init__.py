"""The SQLite database: schema, migrations, and the only SQL of the package."""
