"""gRPC over TLS, byte for byte: a client that does what gRPC's own would never do."""

import ssl
import socket
import struct

DATA, HEADERS, RST_STREAM, SETTINGS, PING, GOAWAY, WINDOW_UPDATE = 0, 1, 3, 4, 6, 7, 8
END_STREAM, END_HEADERS, ACK = 1, 4, 1
INITIAL_WINDOW_SIZE, MAX_FRAME = 4, 16384
PREFACE = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"


def context(folder=None, authority=None):
    """TLS with the certificate in `folder`, as hpvmnet-pki makes it, or without one."""
    made = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    made.check_hostname = False
    made.set_alpn_protocols(["h2"])
    made.load_verify_locations(authority or folder / "ca.crt")
    if folder:
        made.load_cert_chain(folder / "client.crt", folder / "client.key")
    return made


class Client:
    """One connection. `window`: how much of each answer the client is ready to take."""

    def __init__(self, address, tls, window=65535, limit=10):
        plain = socket.create_connection(address, limit)
        self.socket = tls.wrap_socket(plain) if tls else plain
        self._next_stream = 1
        self._received = b""
        self.socket.sendall(PREFACE + frame(SETTINGS, 0, 0, struct.pack("!HI", INITIAL_WINDOW_SIZE, window)))

    def close(self):
        self.socket.close()

    def begin(self, method, end=False):
        """Sends the head of a call and yields its stream."""
        stream = self._next_stream
        self._next_stream += 2
        fields = [(":method", "POST"), (":scheme", "https"), (":path", method), (":authority", "hpvmnet"),
                  ("te", "trailers"), ("content-type", "application/grpc")]
        block = b"".join(b"\0" + _text(name) + _text(value) for name, value in fields)
        self.socket.sendall(frame(HEADERS, END_HEADERS | (END_STREAM if end else 0), stream, block))
        return stream

    def call(self, method, message=b""):
        """A whole call without waiting for its answer; yields its stream."""
        stream = self.begin(method)
        body = struct.pack("!BI", 0, len(message)) + message
        self.socket.sendall(frame(DATA, END_STREAM, stream, body))
        return stream

    def pour(self, stream, size):
        """Sends a message of that size, as fast as the daemon gives leave, until it has been refused. Yields
        how much it took."""
        window = {0: 65535, stream: 65535}
        sent, pending = 0, struct.pack("!BI", 0, size)
        while sent < size:
            room = min(window[0], window[stream], MAX_FRAME - len(pending))
            if room > 0:
                self.socket.sendall(frame(DATA, 0, stream, pending + bytes(room - len(pending))))
                window[0] -= room
                window[stream] -= room
                sent, pending = sent + room, b""
                self.socket.setblocking(window[0] <= 0 or window[stream] <= 0)
            try:
                kind, flags, which, content = self.receive()
            except (ssl.SSLWantReadError, BlockingIOError):
                continue
            finally:
                self.socket.settimeout(10)
            if kind == WINDOW_UPDATE and which in window:
                window[which] += struct.unpack("!I", content)[0]
            elif kind == SETTINGS and not flags & ACK:
                for number, value in struct.iter_unpack("!HI", content):
                    if number == INITIAL_WINDOW_SIZE:
                        window[stream] += value - 65535
            elif kind in (HEADERS, RST_STREAM, GOAWAY) and which in (0, stream):
                break
        return sent

    def receive(self):
        """The next frame: its kind, flags, stream and content. EOFError where the daemon has hung up."""
        while len(self._received) < 9 or len(self._received) < 9 + self._length():
            try:
                more = self.socket.recv(65536)
            except (ConnectionError, ssl.SSLEOFError) as error:
                raise EOFError from error
            if not more:
                raise EOFError
            self._received += more
        head, length = self._received[:9], self._length()
        content, self._received = self._received[9:9 + length], self._received[9 + length:]
        return head[3], head[4], struct.unpack("!I", head[5:])[0], content

    def _length(self):
        return int.from_bytes(self._received[:3], "big")


def frame(kind, flags, stream, content):
    return len(content).to_bytes(3, "big") + bytes([kind, flags]) + struct.pack("!I", stream) + content


def _text(text):
    assert len(text) < 127
    return bytes([len(text)]) + text.encode()
