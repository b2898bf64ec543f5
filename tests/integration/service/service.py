"""The service as its neighbours meet it: a process, a port, a database of its own. Standard library only."""
import base64
import contextlib
import hashlib
import hmac
import http.client
import json
import os
import pathlib
import queue
import re
import signal
import subprocess
import tempfile
import threading
import time
import uuid

INSTALLATION_KEY = "5a" * 32
PAYOS_SECRET = "checksum-key-1234"
VIETQR_SECRET = "user1:password1"
PATIENCE = 60  # seconds: a busy machine and a build with sanitizers

# Whoever pays. None of these may ever stand in a log line.
PAYER_NAME = "TRAN VAN KHACH"
PAYER_ACCOUNT = "0912345678"
MEMO_TEXT = "tien ca thu"
APPLICANT_NAME = "Nguyễn Văn Dân"
OWNER_NAME = "Nguyễn Thị Thế"
HOLDER_NAME = "NGUYEN THI THE"
TAX_CODE = "022080000000"
PASSWORD = "cho-ha-long-2026-ca-tom"


class Database:
    """A database on the server of CHO40_TEST_DATABASE_URL; dropped by drop()."""

    def __init__(self):
        self.server = os.environ["CHO40_TEST_DATABASE_URL"]
        self.name = f"cho40_service_{os.getpid()}_{uuid.uuid4().hex[:8]}"
        self.url = f"{self.server} dbname={self.name}"
        self._psql(f"{self.server} dbname=postgres", f"CREATE DATABASE {self.name}")
        self._asking = threading.Lock()
        self._session = None

    def drop(self):
        if self._session:
            self._session.communicate()
        self._psql(f"{self.server} dbname=postgres", f"DROP DATABASE IF EXISTS {self.name} WITH (FORCE)")

    def connect_again(self):
        """After the server was killed."""
        if self._session:
            self._session.kill()
            self._session.communicate()
        self._session = None

    @staticmethod
    def _psql(url, sql):
        done = subprocess.run(["psql", "-XqAt", "-v", "ON_ERROR_STOP=1", "-d", url, "-c", sql], capture_output=True, text=True, check=False)
        if done.returncode != 0:
            raise RuntimeError(done.stderr)
        return done.stdout.strip()

    def value(self, sql):
        """What psql prints of one statement. One session answers all: tests look beside the service some hundred times."""
        with self._asking:
            if self._session is None:
                self._session = subprocess.Popen(["psql", "-XqAt", "-d", self.url], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                                 stderr=subprocess.DEVNULL, text=True)
            self._session.stdin.write(sql + ";\n\\echo end-of-answer :ERROR :LAST_ERROR_MESSAGE\n")
            self._session.stdin.flush()
            lines = []
            for line in self._session.stdout:
                if line.startswith("end-of-answer "):
                    failed, _, message = line.removeprefix("end-of-answer ").partition(" ")
                    if failed == "true":
                        raise RuntimeError(message)
                    return "".join(lines).strip()
                lines.append(line)
            raise RuntimeError("psql ended")

    def rows(self, sql):
        text = self.value(sql)
        return [tuple(line.split("|")) for line in text.splitlines()]

    @contextlib.contextmanager
    def locked(self, table, mode="ACCESS EXCLUSIVE"):
        """Nobody reads or writes the table meanwhile; in mode SHARE it is only not written."""
        holder = subprocess.Popen(["psql", "-XqAt", "-v", "ON_ERROR_STOP=1", "-d", self.url], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        try:
            holder.stdin.write(f"BEGIN; LOCK TABLE {table} IN {mode} MODE; SELECT 'held';\n")
            holder.stdin.flush()
            if holder.stdout.readline().strip() != "held":
                raise RuntimeError(f"{table} could not be locked")
            yield
        finally:
            holder.communicate()

    def wait_until(self, condition):
        """Until this holds; SQL."""
        end = time.monotonic() + PATIENCE
        while self.value(f"SELECT {condition}") != "t":
            if time.monotonic() > end:
                raise RuntimeError(f"this never came true: {condition}")

    def wait_for_blocked(self):
        """Until some connection waits for a lock."""
        self.wait_until("EXISTS (SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock')")

    def counts(self):
        """What an effect would leave behind."""
        tables = ("journal", "bank_credit", "payment_request", "cash_sale", "event", "idempotency", "fee_notice", "receipt", "receipt_series",
                  "recon_file", "recon_run", "tax_return", "sign_in")
        return self.rows("SELECT " + ", ".join(f"(SELECT count(*) FROM {t})" for t in tables))[0]


class Answer:
    def __init__(self, status, headers, body):
        self.status, self.headers, self.bytes, self.text = status, headers, body, body.decode("utf-8", "replace")

    @property
    def json(self):
        return json.loads(self.text)

    @property
    def code(self):
        """The stable code, wherever the asker's form puts it."""
        body = self.json
        return body.get("code") or body.get("errorReason")

    def __repr__(self):
        return f"<{self.status} {self.text[:400]}>"


class Service:
    """cho40d on a free port. `database` outlives it: start another Service on it to restart."""

    def __init__(self, programs, database, port=0, **settings):
        """`settings` are more environment variables of the service, for example CHO40_INSTALLATION_DEMO="true"."""
        self.programs, self.database = pathlib.Path(programs), database
        self.environment = {k: v for k, v in os.environ.items() if not k.startswith("CHO40_")}
        self.environment.update(CHO40_DATABASE_URL=database.url, CHO40_INSTALLATION_KEY=INSTALLATION_KEY,
                                CHO40_SERVER_LISTEN=f"127.0.0.1:{port}", CHO40_LEDGER_CHECK_BATCHES="true", **settings)
        self._lines, self._arrived = [], threading.Condition()
        self.process = subprocess.Popen([self.programs / "cho40d"], env=self.environment, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL,
                                        cwd=tempfile.gettempdir())
        threading.Thread(target=self._read_log, daemon=True).start()
        ready = self.wait_for_log(lambda line: line.get("event") == "service.ready")
        self.port = ready["port"]
        self._local = threading.local()

    # --- the process ---

    def _read_log(self):
        for line in self.process.stderr:
            with self._arrived:
                self._lines.append(line.decode("utf-8", "replace"))
                self._arrived.notify_all()
        with self._arrived:
            self._lines.append("")
            self._arrived.notify_all()

    def log(self):
        with self._arrived:
            return list(self._lines)

    def wait_for_log(self, wanted):
        end = time.monotonic() + PATIENCE
        seen = 0
        with self._arrived:
            while True:
                for line in self._lines[seen:]:
                    seen += 1
                    if not line:
                        raise RuntimeError("the service ended:\n" + "".join(self._lines))
                    if line.startswith("{") and wanted(json.loads(line)):
                        return json.loads(line)
                left = end - time.monotonic()
                if left <= 0 or not self._arrived.wait(left):
                    raise RuntimeError("this never stood in the log; there was:\n" + "".join(self._lines))

    def kill(self):
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def terminate(self):
        """SIGTERM; the exit code and how long it took."""
        began = time.monotonic()
        self.process.send_signal(signal.SIGTERM)
        code = self.process.wait(PATIENCE)
        return code, time.monotonic() - began

    def stop(self):
        if self.process.poll() is None:
            self.terminate()

    def command(self, *arguments):
        return subprocess.run([self.programs / "cho40", *arguments], env=self.environment, capture_output=True, text=True, check=False,
                              cwd=tempfile.gettempdir())

    def verify_books(self):
        """Conservation, balances, gapless sequences, chain: the ledger's own verifier over the whole journal."""
        done = self.command("ledger", "verify", "--json")
        if done.returncode != 0:
            raise AssertionError("the books do not hold: " + done.stdout + done.stderr)
        return json.loads(done.stdout)

    def make_key(self, *scopes, place=None, owner=None):
        """`owner`: a login, or the id of a key that the new one shares its books with."""
        done = self.command("user", "key", "add", "tests", *[a for s in scopes for a in ("--scope", s)], *(["--place", place] if place else []),
                            *(["--owner", owner] if owner else []))
        if done.returncode != 0:
            raise RuntimeError(done.stderr)
        return done.stdout.strip()

    def make_user(self, login, *roles):
        """A person with the password PASSWORD."""
        done = subprocess.run([self.programs / "cho40", "user", "add", login, "--name", "Người thử", *[a for r in roles for a in ("--role", r)]],
                              env=self.environment, input=PASSWORD + "\n", capture_output=True, text=True, check=False, cwd=tempfile.gettempdir())
        if done.returncode != 0:
            raise RuntimeError(done.stderr)
        return login

    # --- HTTP ---

    def send(self, method, path, body=None, headers=None):
        """One request on this thread's connection. A connection the server closed is opened again once."""
        data = body if isinstance(body, bytes) or body is None else json.dumps(body).encode()
        for attempt in (1, 2):
            connection = getattr(self._local, "connection", None)
            if connection is None:
                connection = self._local.connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
            try:
                connection.request(method, path, data, headers or {})
                response = connection.getresponse()
                answer = Answer(response.status, response.headers, response.read())
                if response.will_close:
                    self.hang_up()
                return answer
            except (http.client.RemoteDisconnected, BrokenPipeError, ConnectionResetError):
                self.hang_up()
                if attempt == 2:
                    raise
        raise AssertionError("unreachable")

    def hang_up(self):
        if getattr(self._local, "connection", None):
            self._local.connection.close()
        self._local.connection = None

    def metrics(self):
        found = {}
        for line in self.send("GET", "/metrics").text.splitlines():
            if line.startswith("cho40_"):
                name, value = line.rsplit(" ", 1)
                found[name] = float(value)
        return found


class Market:
    """One market with one stall, reachable over two rails, and the notifications that their providers would send."""

    def __init__(self, service, key=None):
        self.service = service
        self.key = key or service.make_key("admin:read", "admin:write", "payments:read", "payments:write", "stalls:read")
        number = uuid.uuid4().int
        self.account = "0141" + str(number % 10**9).zfill(9)
        self.market = self.must("POST", "/v1/markets", {"name": "Chợ Hạ Long I", "ward_code": "06685", "ward": "Phường Hồng Gai"})["id"]
        self.household = self.must("POST", "/v1/households", {"market": self.market, "name": "Hộ Bà Thế", "owner_name": OWNER_NAME,
                                                              "tax_code": TAX_CODE})["id"]
        self.stall = self.must("POST", "/v1/stalls", {
            "market": self.market, "household": self.household, "name": "Bà Thế", "number": "12", "activity": "a",
            "receiving_account": {"bank_bin": "970436", "account_number": self.account, "account_name": HOLDER_NAME}})["id"]
        self.payos_path = self._rail("payos", PAYOS_SECRET)
        self.vietqr_path = self._rail("vietqr", VIETQR_SECRET)
        self.token = ""

    def on(self, service):
        """The same market after a restart of the service."""
        other = object.__new__(type(self))
        other.__dict__.update(self.__dict__)
        other.service = service
        return other

    def _rail(self, rail, secret):
        made = self.must("POST", "/v1/rail-accounts", {"place": self.market, "rail": rail, "name": rail, "channel": "bank", "secret": secret})
        return made["address"]

    def partner(self, channel):
        """Another rail account of the market; its id is the source of reconciliation files."""
        return self.must("POST", "/v1/rail-accounts", {"place": self.market, "rail": "payos", "name": "payos", "channel": channel, "secret": PAYOS_SECRET})["id"]

    def send_file(self, side, source, day, body, revision=1, **headers):
        path = f"/v1/recon/files?side={side}&source={source}&date={day}&revision={revision}"
        return self.call("POST", path, body, **{"Content_Type": "application/xml" if side == "bank" else "text/csv", **headers})

    # --- the API ---

    def call(self, method, path, body=None, key=None, **headers):
        given = {"Authorization": "Bearer " + self.key, "Content-Type": "application/json"}
        if method != "GET":
            given["Idempotency-Key"] = key or str(uuid.uuid4())
        given.update({name.replace("_", "-"): value for name, value in headers.items()})
        return self.service.send(method, path, body, {n: v for n, v in given.items() if v is not None})

    def announce(self, method, path, size):
        """Says that a body of this size will follow, and waits for the answer instead of sending it."""
        connection = http.client.HTTPConnection("127.0.0.1", self.service.port, timeout=PATIENCE)
        try:
            connection.putrequest(method, path)
            for name, value in {"Authorization": "Bearer " + self.key, "Content-Type": "text/csv", "Content-Length": str(size),
                                "Idempotency-Key": str(uuid.uuid4())}.items():
                connection.putheader(name, value)
            connection.endheaders()
            response = connection.getresponse()
            return Answer(response.status, response.headers, response.read())
        finally:
            connection.close()

    def must(self, method, path, body=None):
        answer = self.call(method, path, body)
        if answer.status >= 300:
            raise AssertionError(f"{method} {path}: {answer}")
        return answer.json

    def ask(self, amount):
        return self.must("POST", "/v1/payments", self.wish(amount))

    def wish(self, amount):
        return {"stall": self.stall, "amount": {"amount": amount, "currency": "VND"}}

    def payment(self, payment):
        return self.must("GET", "/v1/payments/" + payment["id"])

    def state(self, payment):
        return self.payment(payment)["state"]["name"]

    def day_book(self):
        return self.must("GET", f"/v1/stalls/{self.stall}/day-book")

    # --- the rails ---

    def payos_body(self, code, amount, reference, account=None, **changes):
        """A notification as payOS signs it: members of data by name, name=value joined by &, HMAC-SHA-256."""
        data = {"orderCode": 1001, "amount": amount, "description": f"{code} {MEMO_TEXT}", "accountNumber": account or self.account,
                "reference": reference, "transactionDateTime": time.strftime("%Y-%m-%d %H:%M:%S", time.gmtime(time.time() + 7 * 3600)),
                "currency": "VND", "paymentLinkId": "link", "code": "00", "desc": "success", "counterAccountBankId": "970422",
                "counterAccountBankName": "MB", "counterAccountName": PAYER_NAME, "counterAccountNumber": PAYER_ACCOUNT,
                "virtualAccountName": "", "virtualAccountNumber": ""}
        data.update(changes)
        canonical = "&".join(f"{name}={data[name]}" for name in sorted(data))
        signature = hmac.new(PAYOS_SECRET.encode(), canonical.encode(), hashlib.sha256).hexdigest()
        return json.dumps({"code": "00", "desc": "success", "success": True, "data": data, "signature": signature}).encode()

    def payos(self, body):
        return self.service.send("POST", self.payos_path, body, {"Content-Type": "application/json"})

    def pay_by_payos(self, code, amount, reference):
        return self.payos(self.payos_body(code, amount, reference))

    def vietqr_body(self, code, amount, reference, **changes):
        body = {"bankaccount": self.account, "amount": amount, "transType": "C", "content": f"{code} {MEMO_TEXT}", "transactionid": "T" + reference,
                "transactiontime": int(time.time() * 1000), "referencenumber": reference}
        body.update(changes)
        return json.dumps(body).encode()

    def fetch_token(self):
        """As the provider does, for each notification: a token lives a few minutes, a slow machine longer."""
        basic = base64.b64encode(VIETQR_SECRET.encode()).decode()
        answer = self.service.send("POST", self.vietqr_path + "/api/token_generate", b"{}",
                                   {"Authorization": "Basic " + basic, "Content-Type": "application/json"})
        self.token = answer.json["access_token"]
        return self.token

    def vietqr(self, body, token=None):
        return self.service.send("POST", self.vietqr_path + "/bank/api/transaction-sync", body,
                                 {"Content-Type": "application/json", "Authorization": "Bearer " + (token or self.fetch_token())})

    def pay_by_vietqr(self, code, amount, reference):
        return self.vietqr(self.vietqr_body(code, amount, reference))


class Agency:
    """One agency that collects fees, reachable over a rail."""

    CODE_LETTERS = "ABCDEGHKLMNPQRSTUVXY"  # of receipt symbols

    def __init__(self, service, key=None, **facts):
        """`facts` are more of what is registered, for example receipt_series="26TAA"."""
        self.service = service
        self.key = key or service.make_key("admin:write", "fees:read", "fees:write")
        number = uuid.uuid4().int
        self.account = "0142" + str(number % 10**9).zfill(9)
        self.code = "H49." + str(number % 10**12)
        self.id = self.must("POST", "/v1/agencies", {
            "code": self.code, "name": "Trung tâm Phục vụ hành chính công", "receiving_account": {
                "bank_bin": "970415", "account_number": self.account, "account_name": "TT PVHCC"}, **facts})["id"]
        self.payos_path = self.must("POST", "/v1/rail-accounts", {"place": self.id, "rail": "payos", "name": "payos", "channel": "bank",
                                                                 "secret": PAYOS_SECRET})["address"]

    call, must, on = Market.call, Market.must, Market.on
    payos_body, payos, pay_by_payos = Market.payos_body, Market.payos, Market.pay_by_payos

    def order(self, **changes):
        """What makes a notice of 3 pages certified in two copies."""
        order = {"agency": self.id, "channel": "counter", "due_date": day_from_today(10), "lines": [{"fee_code": "CERT_COPY", "quantity": 2, "pages": 3}],
                 "dossier": {"code": self.code + "-0001", "procedure_code": "2.000815", "applicant_name": APPLICANT_NAME}}
        order.update(changes)
        return order

    def notice(self):
        return self.must("POST", "/v1/fee-notices", self.order())

    def state(self, notice):
        return self.must("GET", f"/v1/pay/{notice['code']}/state")

    def start_paying(self, notice):
        """The citizen's button; returns the order code that the transfer must name."""
        form = "idempotency_key=" + uuid.uuid4().hex
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        pressed = self.service.send("POST", f"/pay/{notice['code']}/payment", form.encode(), headers)
        if pressed.status != 303:
            raise AssertionError(f"the button answered {pressed}")
        page = self.service.send("GET", f"/pay/{notice['code']}/wait")
        return re.search(r"\bCQ[2-9A-HJKMNP-TV-Z]{7}\b", page.text).group(0)  # a notice code may hold CQ too


class Browser:
    """A person signed in: a cookie, and the token that pages put into their forms."""

    def __init__(self, service, login, password=None, address="10.1.0.1"):
        self.service, self.cookie, self.token = service, "", ""
        self.address = address  # as a proxy in front would tell it
        self.answer = self.sign_in(login, PASSWORD if password is None else password)
        if self.answer.status == 201:
            self.cookie = self.answer.headers["Set-Cookie"].partition(";")[0]
            self.token = self.answer.json["csrf_token"]

    def sign_in(self, login, password):
        return self.call("POST", "/v1/sign-ins", {"login": login, "password": password})

    def call(self, method, path, body=None, **headers):
        given = {"Content-Type": "application/json", "X-Forwarded-For": self.address, "Cookie": self.cookie or None}
        if method != "GET":
            given.update({"X-CSRF-Token": self.token or None, "Idempotency-Key": str(uuid.uuid4())})
        given.update({name.replace("_", "-"): value for name, value in headers.items()})
        return self.service.send(method, path, body, {n: v for n, v in given.items() if v is not None})


class Stream:
    """An open event stream, read by a thread of its own from one connection."""

    def __init__(self, service, path, key=None, last_event_id=None):
        self._connection = http.client.HTTPConnection("127.0.0.1", service.port, timeout=PATIENCE)
        headers = {"Accept": "text/event-stream"}
        if key is not None:
            headers["Authorization"] = "Bearer " + key
        if last_event_id is not None:
            headers["Last-Event-ID"] = last_event_id
        self._connection.request("GET", path, headers=headers)
        self._response = self._connection.getresponse()
        if self._response.status != 200:
            raise AssertionError(f"the stream answered {self._response.status}")
        self._events = queue.Queue()
        self.whole = None  # after its end: whether the server wrote the last chunk
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self):
        event = {}
        try:
            for raw in self._response:
                line = raw.decode().rstrip("\r\n")
                if not line:
                    if "data" in event:  # not the advice on when to come back, nor a sign of life
                        self._events.put(event)
                    event = {}
                elif not line.startswith(":"):
                    name, _, value = line.partition(":")
                    event[name] = value.removeprefix(" ")
            self.whole = True
        except (OSError, ValueError, AttributeError, http.client.HTTPException):
            self.whole = False  # closed, by whichever side
        self._events.put(None)

    def next(self):
        event = self._events.get(timeout=PATIENCE)
        if event is None:
            raise AssertionError("the stream ended")
        return event

    def rest(self):
        """What was still to come; returns when the stream has ended."""
        return list(iter(lambda: self._events.get(timeout=PATIENCE), None))

    def close(self):
        self._connection.sock and self._connection.sock.shutdown(2)
        self._connection.close()


def day_from_today(days):
    """Of Viet Nam's calendar, as the API writes it."""
    return time.strftime("%Y-%m-%d", time.gmtime(time.time() + 7 * 3600 + days * 86400))


def quarter_before(day):
    """The last quarter that has ended."""
    year, quarter = int(day[:4]), (int(day[5:7]) + 2) // 3 - 1
    return f"{year}-Q{quarter}" if quarter else f"{year - 1}-Q4"


def reference():
    """A bank's number of a transfer, never used before."""
    return "FT" + re.sub("[^0-9]", "", str(uuid.uuid4().int))[:14]
