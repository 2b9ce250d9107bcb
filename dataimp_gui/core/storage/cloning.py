"""Copies that share their blocks with the original until one of them is changed: reflinks, where a disk can."""

import sys
from typing import Final

_FICLONE: Final = 0x40049409  # of linux/fs.h: btrfs, XFS, bcachefs


def clone(source: int, target: int) -> bool:
    """Give an empty file the content of another, by descriptors; False where that cannot be."""
    if sys.platform != "linux":
        return False
    from fcntl import ioctl

    try:
        ioctl(target, _FICLONE, source)
    except OSError:
        return False
    return True
