"""Returns of single enterprises: read wide, checked, kept in the restricted zone; only sums and counts leave it."""
