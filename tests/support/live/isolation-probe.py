# The isolation probe: for a minute, or until the file STOP is there, searches the sandbox for traces of its gateway and of the
# channel for its sockets, and tries to use them. Writes its findings as JSON: `isolation-probe.py OUTPUT STOP`.
import glob, json, os, socket, struct, sys, time

output, stop = sys.argv[1:]
channel = "/gateway/channel/socket"
found = {"rounds": 0, "unix": [], "files": [], "processes": [], "listening": [], "used": []}


def note(kind, what):
    if what not in found[kind]:
        found[kind].append(what)


def lines(path):
    try:
        with open(path) as file:
            return file.read().splitlines()[1:]
    except OSError:
        return []


def unix_sockets():
    for line in lines("/proc/net/unix"):
        fields = line.split(None, 7)
        if len(fields) == 8:
            note("unix", fields[7])
    names = [name.replace("@", "\0", 1) for name in found["unix"]]
    names += [channel, "\0" + channel, "\0channel", "\0gateway"] + [f"/proc/{pid}/root{channel}" for pid in pids()]
    for name in names:
        for kind in (socket.SOCK_STREAM, socket.SOCK_DGRAM, socket.SOCK_SEQPACKET):
            with socket.socket(socket.AF_UNIX, kind) as s:
                try:
                    s.connect(name)
                    note("used", name)
                except OSError:
                    pass


def pids():
    return [name for name in os.listdir("/proc") if name.isdigit()]


def files():
    for path in ["/gateway", *glob.glob("/proc/[0-9]*/root/gateway"), *glob.glob("/proc/[0-9]*/cwd/gateway")]:
        if os.path.lexists(path):
            note("files", path)
    for pid in pids():
        try:
            with open(f"/proc/{pid}/cmdline") as file:
                if "launch.js" in file.read():
                    note("processes", pid)
            for fd in os.listdir(f"/proc/{pid}/fd"):
                target = os.readlink(f"/proc/{pid}/fd/{fd}")
                if "gateway" in target:
                    note("files", target)
        except OSError:
            pass


def ports():
    for kind, state in (("tcp", "0A"), ("udp", "07")):
        for line in lines(f"/proc/net/{kind}") + lines(f"/proc/net/{kind}6"):
            address, port = line.split()[1].split(":")
            if line.split()[3] != state or len(address) != 8:
                continue
            host = socket.inet_ntoa(struct.pack("<I", int(address, 16)))
            note("listening", f"{kind} {host}:{int(port, 16)}")
            if kind == "tcp":
                hurt(host, int(port, 16))


def hurt(host, port):
    """Connects, says something, and resets the connection."""
    with socket.socket() as s:
        s.settimeout(1)
        s.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        try:
            s.connect((host, port))
            s.send(b"\0\0\0\1{}")
        except OSError:
            pass


end = time.monotonic() + 60
while time.monotonic() < end and not os.path.exists(stop):
    found["rounds"] += 1
    ports()
    if found["rounds"] % 10 == 1:
        unix_sockets()
        files()
with open(output + ".part", "w") as file:
    json.dump(found, file)
os.rename(output + ".part", output)
