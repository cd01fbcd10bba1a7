# Sends a text to each target in each way that there is, and prints which of them the kernel took: `leak.py WHO PORT TARGET...`.
# The text is "WHO, WAY to TARGET", so that its receiver knows the way.
import os, socket, struct, sys

who, port, targets = sys.argv[1], int(sys.argv[2]), sys.argv[3:]
IP_PKTINFO, IP_UNICAST_IF, IPV6_PKTINFO = 8, 50, 50
interfaces = [(index, name) for index, name in socket.if_nameindex()]


def text(way, target):
    return f"{who}, {way} to {target}".encode()


def udp(options=()):
    s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    s.setsockopt(socket.SOL_SOCKET, socket.SO_BROADCAST, 1)
    for option in options:
        s.setsockopt(*option)
    return s


def checksum(data):
    total = sum(struct.unpack(f">{len(data) // 2}H", data))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return ~total & 0xFFFF


def packet(source, target, data):
    datagram = struct.pack(">HHHH", 4444, port, 8 + len(data), 0) + data
    head = struct.pack(">BBHHHBBH4s4s", 0x45, 0, 20 + len(datagram), 1, 0, 1, 17, 0, *map(socket.inet_aton, (source, target)))
    return head[:10] + struct.pack(">H", checksum(head)) + head[12:] + datagram


def with_info(way, target, index):
    info = struct.pack("i4s4s", index, bytes(4), bytes(4))
    udp().sendmsg([text(way, target)], [(socket.IPPROTO_IP, IP_PKTINFO, info)], 0, (target, port))


def raw(way, target):
    s = socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_RAW)
    s.setsockopt(socket.SOL_SOCKET, socket.SO_BROADCAST, 1)
    s.sendto(packet("0.0.0.0", target, text(way, target)), (target, 0))


def frame(way, target, name, kind):
    s = socket.socket(socket.AF_PACKET, kind, socket.htons(0x0800))
    data = packet("127.0.0.1" if name == "lo" else "198.18.0.77", target, text(way, target))
    if kind == socket.SOCK_DGRAM:
        s.sendto(data, (name, 0x0800, 0, 0, b"\xff" * 6))
    else:
        s.sendto(b"\xff" * 6 + bytes.fromhex("020000000077") + b"\x08\x00" + data, (name, 0))


def tcp(way, target, options=()):
    s = socket.socket(socket.AF_INET6 if ":" in target else socket.AF_INET)
    s.settimeout(0.3)
    for option in options:
        s.setsockopt(*option)
    s.connect((target, port))
    s.sendall(text(way, target))


def six(way, target, index):
    s = socket.socket(socket.AF_INET6, socket.SOCK_DGRAM)
    s.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_MULTICAST_IF, index)
    s.sendto(text(way, target), (target, port, 0, index))


def attempts(target):
    if ":" in target:
        for index, name in interfaces:
            yield f"IPv6 by {name}", lambda way: six(way, target, index)
        yield "TCP", lambda way: tcp(way, target)
        return
    to = (target, port)
    yield "UDP", lambda way: udp().sendto(text(way, target), to)
    yield "SO_DONTROUTE", lambda way: udp([(socket.SOL_SOCKET, socket.SO_DONTROUTE, 1)]).sendto(text(way, target), to)
    yield "TCP", lambda way: tcp(way, target)
    yield "a raw socket", lambda way: raw(way, target)
    for index, name in interfaces:
        device = (socket.SOL_SOCKET, socket.SO_BINDTODEVICE, name.encode() + b"\0")
        by = (socket.IPPROTO_IP, IP_UNICAST_IF, struct.pack(">I", index))
        multicast = (socket.IPPROTO_IP, socket.IP_MULTICAST_IF, struct.pack("4s4si", bytes(4), bytes(4), index))
        yield f"SO_BINDTODEVICE {name}", lambda way: udp([device]).sendto(text(way, target), to)
        yield f"IP_UNICAST_IF {name}", lambda way: udp([by]).sendto(text(way, target), to)
        yield f"IP_MULTICAST_IF {name}", lambda way: udp([multicast]).sendto(text(way, target), to)
        yield f"IP_PKTINFO {name}", lambda way: with_info(way, target, index)
        yield f"TCP, SO_BINDTODEVICE {name}", lambda way: tcp(way, target, [device])
        yield f"a packet socket on {name}", lambda way: frame(way, target, name, socket.SOCK_DGRAM)
        yield f"a raw packet socket on {name}", lambda way: frame(way, target, name, socket.SOCK_RAW)


for target in targets:
    for way, attempt in attempts(target):
        try:
            attempt(way)
            print(f"{way} to {target}: sent")
        except OSError as error:
            print(f"{way} to {target}: {type(error).__name__} {error.errno}")
