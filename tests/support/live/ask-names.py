# Asks for so many different names, with a window of questions on their way: `ask-names.py COUNT`. Prints how many were denied.
import os, socket, struct, sys

count, window = int(sys.argv[1]), 64
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.settimeout(2)
s.connect(("127.77.0.1", 53))
denied = 0
for first in range(0, count, window):
    for number in range(first, min(first + window, count)):
        label = b"n%d" % number
        s.send(struct.pack(">HHHHHH", number & 0xFFFF, 0x100, 1, 0, 0, 0) + bytes([len(label)]) + label + b"\7example\0\0\x10\0\1")
    for _ in range(min(window, count - first)):
        try:
            denied += s.recv(512)[3] & 15 == 3
        except TimeoutError:
            break  # a datagram was lost
print(denied)
