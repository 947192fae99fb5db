"""Pages to explore a collection in a browser: a plugin of Datasette, and the command that starts it.

Nothing here writes: pages are read over the connections that Datasette opens to read.
"""
