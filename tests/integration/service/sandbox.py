"""The other side as a process: the bank and every provider, telling a service of money in their own ways."""
import http.client
import json
import pathlib
import queue
import subprocess
import tempfile
import threading
import time

from service import PATIENCE, Answer


class Sandbox:
    """cho40-sandbox on a free port, or on one that the service was told. `hurry`: its providers' minutes pass so many times as fast."""

    def __init__(self, programs, service, hurry=1000, seed=1, port=0):
        self.service = service
        self.process = subprocess.Popen([pathlib.Path(programs) / "cho40-sandbox", "--listen", f"127.0.0.1:{port}", "--service-url",
                                         f"http://127.0.0.1:{service.port}", "--hurry", str(hurry), "--seed", str(seed)],
                                        stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True, cwd=tempfile.gettempdir())
        self._lines = queue.Queue()
        threading.Thread(target=self._read_log, daemon=True).start()
        self.port = self._ready()["port"]

    def _read_log(self):
        for line in self.process.stderr:
            self._lines.put(line)
        self._lines.put("")

    def _ready(self):
        said = []
        while not said or said[-1]:
            said.append(self._lines.get(timeout=PATIENCE))
            if said[-1].startswith("{") and json.loads(said[-1]).get("event") == "sandbox.ready":
                return json.loads(said[-1])
        raise RuntimeError("the sandbox ended:\n" + "".join(said))

    def stop(self):
        """The exit code."""
        self.process.terminate()
        code = self.process.wait(PATIENCE)
        self.process.stderr.close()
        return code

    def send(self, method, path, body=None, headers=None):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        try:
            data = None if body is None else json.dumps(body).encode()
            connection.request(method, path, data, {"Content-Type": "application/json", **(headers or {})})
            response = connection.getresponse()
            return Answer(response.status, response.headers, response.read())
        finally:
            connection.close()

    def must(self, method, path, body=None):
        answer = self.send(method, path, body)
        if answer.status >= 300:
            raise AssertionError(f"sandbox: {method} {path}: {answer}")
        return answer

    def connect(self, rails, account, virtual_accounts=(), **more):
        """`rails`: (id, rail, address, secret), all of which tell of the account."""
        for rail_account, rail, address, secret in rails:
            self.must("POST", "/setup/rail-accounts", {"id": rail_account, "rail": rail, "address": address, "secret": secret, **more})
        self.must("POST", "/setup/receiving-accounts", {"bank_bin": "970436", "account_number": account, "holder_name": "TRAN THI HANH",
                                                        "rail_accounts": [rail[0] for rail in rails], "virtual_accounts": list(virtual_accounts)})

    def pay(self, payment, **more):
        return self.must("POST", "/bank/payments", {"payload": payment["qr"]["payload"], **more}).json

    def sent(self, paid, count):
        """All that was sent of a transfer, in order, once there are so many; the providers need their time."""
        end = time.monotonic() + PATIENCE
        while True:
            calls = self.must("GET", "/log?about=" + paid["bank_reference"]).json["calls"]
            if len(calls) >= count or time.monotonic() > end:
                return calls[::-1]
