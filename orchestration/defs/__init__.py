"""The night as dagster definitions: one module per stage, in the order of the design."""
