"""Every write: one function is one transaction, with its audit entry and its publication number."""
