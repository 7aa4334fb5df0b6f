"""What judges the figures: the rule catalogue, the Great Expectations suites and the findings ledger."""
