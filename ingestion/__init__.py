"""A delivered file becomes figures with an address; nothing here knows dagster or SQL."""
