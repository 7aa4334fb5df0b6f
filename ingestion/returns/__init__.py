"""Returns: a tidy CSV or a statistical workbook becomes figures with cell addresses and vintages, or refusals."""

from ingestion.returns.reader import read_return

__all__ = ["read_return"]
