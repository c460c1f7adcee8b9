"""refuse_promiscuity.py COMMAND...: runs a command to which the kernel refuses that interfaces become
promiscuous by packet sockets."""

import ctypes
import errno
import os
import struct
import sys

PR_SET_SECCOMP = 22
SECCOMP_MODE_FILTER = 2
RET_ALLOW, RET_ERRNO = 0x7FFF0000, 0x00050000
LOAD_WORD, JUMP_IF_EQUAL, RETURN = 0x20, 0x15, 0x06  # of classic BPF
NUMBER, LEVEL, OPTION = 0, 24, 32  # places in struct seccomp_data: of a call and its arguments
SETSOCKOPT = {"x86_64": 54, "aarch64": 208}
SOL_PACKET = 263
PACKET_ADD_MEMBERSHIP = 1


class Program(ctypes.Structure):
    """struct sock_fprog"""
    _fields_ = [("length", ctypes.c_ushort), ("filter", ctypes.c_char_p)]


def install():
    """For this process and what it becomes."""
    program = []
    wanted = ((NUMBER, SETSOCKOPT[os.uname().machine]), (LEVEL, SOL_PACKET), (OPTION, PACKET_ADD_MEMBERSHIP))
    for left, (place, value) in zip((4, 2, 0), wanted):  # instructions between the jump and its refusal
        program += [(LOAD_WORD, 0, 0, place), (JUMP_IF_EQUAL, 0, left + 1, value)]
    program += [(RETURN, 0, 0, RET_ERRNO | errno.EPERM), (RETURN, 0, 0, RET_ALLOW)]
    code = b"".join(struct.pack("HBBI", *instruction) for instruction in program)
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, ctypes.byref(Program(len(program), code)), 0, 0):
        raise OSError(ctypes.get_errno(), "cannot install a filter of system calls")


if __name__ == "__main__":
    install()
    os.execvp(sys.argv[1], sys.argv[1:])
