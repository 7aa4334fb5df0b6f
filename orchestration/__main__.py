"""``python -m orchestration`` is ``provstat``."""

from orchestration.cli import main

main()
