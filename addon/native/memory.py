# SPDX-License-Identifier: GPL-3.0-or-later
"""Bytes of this process by address, read so that an address without memory does no harm."""

from __future__ import annotations

import ctypes
import os
import sys

_PART = 4096
"""A pipe holds at least so much."""


def _through_pipe(address: int, size: int) -> bytes:
    """The system copies the bytes, and says where it cannot."""
    library = ctypes.CDLL(None, use_errno=True)
    library.write.argtypes = [ctypes.c_int, ctypes.c_void_p, ctypes.c_size_t]
    library.write.restype = ctypes.c_ssize_t
    parts = []
    source, target = os.pipe()
    try:
        while size > 0:
            part = min(size, _PART - address % _PART)
            written = library.write(target, address, part)
            if written <= 0:
                break
            parts.append(os.read(source, written))
            address, size = address + written, size - written
    finally:
        os.close(source)
        os.close(target)
    return b"".join(parts)


def _by_system(address: int, size: int) -> bytes:
    kernel = ctypes.WinDLL("kernel32")
    kernel.GetCurrentProcess.restype = ctypes.c_void_p
    read = kernel.ReadProcessMemory
    read.argtypes = [
        *(ctypes.c_void_p, ctypes.c_void_p, ctypes.c_void_p, ctypes.c_size_t),
        ctypes.POINTER(ctypes.c_size_t),
    ]
    parts = []
    while size > 0:
        part = min(size, _PART - address % _PART)
        buffer, done = ctypes.create_string_buffer(part), ctypes.c_size_t()
        if not read(kernel.GetCurrentProcess(), address, buffer, part, ctypes.byref(done)):
            break
        parts.append(buffer.raw[: done.value])
        address, size = address + part, size - part
    return b"".join(parts)


def copy(address: int, size: int) -> bytes:
    """Up to `size` bytes from an address, fewer where the memory ends before; never a crash."""
    if not 0 < address < 2**63 or size <= 0:
        return b""
    return (_by_system if sys.platform == "win32" else _through_pipe)(address, size)


def is_64_bit_little_endian() -> bool:
    """Whether addresses have eight bytes, the lowest first."""
    return ctypes.sizeof(ctypes.c_void_p) == 8 and sys.byteorder == "little"


def address_at(place: int) -> int:
    """The address that stands at a place, which must be valid."""
    return ctypes.c_uint64.from_address(place).value


def set_address(place: int, address: int) -> None:
    """Writes an address to a place, which must be valid."""
    ctypes.c_uint64.from_address(place).value = address
