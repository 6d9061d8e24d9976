"""Formats that writers' tools read: each module turns entries of the dictionary into one, as pure text."""
