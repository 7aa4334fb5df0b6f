"""One module per document format: bytes become lines, paragraphs and tables, each with its address."""
