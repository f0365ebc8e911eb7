"""The small process between the server and a check: it builds the private world, starts the check, and ends it.

The server has threads, and a process with threads may neither enter a user namespace nor run Python between fork and
exec. So `helper.py` is started as a program of its own, with the standard library only: it imports nothing of
`pointsman`, because the Python that runs it may see nothing else.
"""
