"""Shadow workspaces: where a candidate is tried, so that the user's tree is never written.

`overlay` shows it at the project's real path in a private world and is what to use where the kernel lets us; `copied`
keeps a copy elsewhere. `choose` finds out which, by trying.
"""
