"""Forms of what people propose: a snapshot as fields, and fields as a snapshot.

A field's name is the path of what it says in the snapshot (`claims/0/value`), so that a problem finds its field. What
makes a snapshot valid is known in glossary/domain/ alone; here is only what a text can be read as.
"""
