"""Between a client and PostgreSQL: lets everything through, but for the answer to one commit."""
import pathlib
import socket
import threading

SYNC = b"S\x00\x00\x00\x04"
COMMIT = b"COMMIT\x00"


class Proxy:
    """Listens in `folder` as the server does in `server`. The connection over which the n-th sync or COMMIT goes to the
    server is cut: at once, or once the server has answered, but always before the client has read that. With `whose`,
    only connections count on which this was said; a `cut_at` of 0 cuts nothing before cut_at() says so."""

    def __init__(self, folder, server, cut_at, waits_for_answer, whose=b""):
        self.folder = pathlib.Path(folder)
        self.folder.mkdir(exist_ok=True)
        self._server = str(pathlib.Path(server, ".s.PGSQL.5432"))
        self._left, self._waits, self._whose = cut_at, waits_for_answer, whose
        self._lock = threading.Lock()
        self.has_cut = threading.Event()
        self._listener = socket.socket(socket.AF_UNIX)
        self._path = self.folder / ".s.PGSQL.5432"
        self._path.unlink(missing_ok=True)
        self._listener.bind(str(self._path))
        self._listener.listen(50)
        threading.Thread(target=self._accept, daemon=True).start()

    def cut_at(self, count):
        """From now."""
        with self._lock:
            self._left = count

    def close(self):
        self._listener.close()
        self._path.unlink(missing_ok=True)

    def _accept(self):
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(client,), daemon=True).start()

    def _serve(self, client):
        server = socket.socket(socket.AF_UNIX)
        try:
            server.connect(self._server)
        except OSError:
            client.close()
            return
        silent = threading.Event()  # from now on the client hears nothing
        threading.Thread(target=self._answers, args=(server, client, silent), daemon=True).start()
        counts = False
        try:
            while data := client.recv(1 << 16):
                counts = counts or self._whose in data
                cut = counts and self._is_due(data)
                if cut:
                    silent.set()
                server.sendall(data)
                if cut and not self._waits:
                    break
        except OSError:
            pass
        if not (silent.is_set() and self._waits):
            self._end(server, client)

    def _is_due(self, data):
        with self._lock:
            before = self._left
            self._left -= data.count(SYNC) + data.count(COMMIT)
            return before > 0 >= self._left

    def _answers(self, server, client, silent):
        try:
            while data := server.recv(1 << 16):
                if silent.is_set():
                    self.has_cut.set()
                    break
                client.sendall(data)
        except OSError:
            pass
        if silent.is_set():
            self.has_cut.set()
        self._end(server, client)

    @staticmethod
    def _end(*sockets):
        for one in sockets:
            try:
                one.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass
            one.close()
