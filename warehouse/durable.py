"""Pushing what was written to the disk, so that it survives a power cut.

Here: files and folders alike. Not here: what is written, and in which order.
"""

import os
from pathlib import Path


def sync(path: Path) -> None:
    """Wait until a file's content, or a folder's entries, are on the disk.

    Raises:
        OSError: the path cannot be opened or the disk refuses.
    """
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
