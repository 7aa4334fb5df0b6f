"""Plan documents become figures: target tables, boxes and running text."""
