"""More machines: checks of candidates, spread over this one and others.

A host needs Python 3.11 and nothing else: `far.py`, with the sandbox's helper, is sent to it. It keeps a base, which is
brought up to date by what changed, and each candidate is tried in a shadow of that base. Hosts are named in the user's
own configuration, never in a repository's.
"""
