# Opens so many connections and pipelines heads of 30 KB on each, as many as the gateway reads within a few seconds:
# `pipeline.py CONNECTIONS PORT KIND`. None gets a response.
import select, socket, ssl, sys, time

count, port, kind = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3]
seconds = 4
get = b"GET /held HTTP/1.1\r\nHost: a.example.com\r\n"


heads = {
    "long": get + b"X: " + b"x" * 31_000 + b"\r\n\r\n",
    "many": get + (b"X-Many: " + b"x" * 220 + b"\r\n") * 127 + b"\r\n",
    "secrets": get + b"X: " + b"$TOKEN " * 3000 + b"\r\n\r\n",
}
data = heads[kind] * 62
context = ssl._create_unverified_context()
sockets = []
for _ in range(count):
    s = socket.create_connection(("a.example.com", port), timeout=20)
    if port == 443:
        s = context.wrap_socket(s, server_hostname="a.example.com")
    s.setblocking(False)
    sockets.append(s)
sent = dict.fromkeys(sockets, 0)
end = time.monotonic() + seconds
while time.monotonic() < end and sent:
    for s in select.select([], list(sent), [], 0.2)[1]:
        try:
            sent[s] += s.send(data[sent[s] : sent[s] + 262_144])
            if sent[s] == len(data):
                del sent[s]
        except (BlockingIOError, ssl.SSLWantWriteError, ssl.SSLWantReadError):
            pass
        except OSError:
            del sent[s]
print(len(sockets))
