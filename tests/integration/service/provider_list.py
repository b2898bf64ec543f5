"""The list call of a provider, as its customers meet it: SePay's and Casso's, over the same transfers. Standard library only."""
import datetime
import http.server
import json
import threading
import time
import urllib.parse

from service import PATIENCE

VIETNAM = datetime.timezone(datetime.timedelta(hours=7))
TOKEN = "list-token-of-the-market"


class Transfer:
    def __init__(self, account, number, amount, memo="", balance=0, at=None, reference=None):
        self.account, self.number, self.amount, self.memo, self.balance = account, number, amount, memo, balance
        self.at = (at or datetime.datetime.now(VIETNAM)).replace(microsecond=0)
        self.reference = reference or f"SP{number}"

    def local(self, between=" "):
        return self.at.strftime(f"%Y-%m-%d{between}%H:%M:%S")


class ProviderList:
    """Answers on a port of its own until close(). `faults`: (status, headers) for the next calls, one each."""

    def __init__(self):
        self.transfers, self.faults, self.calls = [], [], []
        self._arrived = threading.Condition()
        outer = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self):
                outer.answer(self)

            def log_message(self, *_):
                pass

        class Server(http.server.ThreadingHTTPServer):
            def handle_error(self, *_):
                pass  # whoever asked was killed

        self.server = Server(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def close(self):
        self.server.shutdown()
        self.server.server_close()

    def add(self, *transfer, **more):
        with self._arrived:
            self.transfers.append(Transfer(*transfer, **more))
        return self.transfers[-1]

    def answer(self, handler):
        address = urllib.parse.urlsplit(handler.path)
        query = {name: values[0] for name, values in urllib.parse.parse_qs(address.query).items()}
        with self._arrived:
            status, headers = self.faults.pop(0) if self.faults else (200, {})
            scheme = "Bearer" if address.path == "/userapi/transactions/list" else "Apikey"
            if handler.headers["Authorization"] != f"{scheme} {TOKEN}":
                status = 401
            body = b"{}"
            if status == 200:
                body = json.dumps(self.sepay(query) if scheme == "Bearer" else self.casso(query), ensure_ascii=False).encode()
            # Noted before it is answered: who waits for a call sees it before its effect.
            self.calls.append((time.monotonic(), status, query))
            self._arrived.notify_all()
        handler.send_response(status)
        for name, value in {"Content-Type": "application/json", "Content-Length": str(len(body)), **headers}.items():
            handler.send_header(name, value)
        handler.end_headers()
        handler.wfile.write(body)

    def sepay(self, query):
        inside = [t for t in self.transfers if query["transaction_date_min"] <= t.local() <= query["transaction_date_max"]]
        newest = sorted(inside, key=lambda t: (t.at, t.number), reverse=True)[:int(query["limit"])]
        decimal = lambda amount: f"{amount}.00"
        return {"status": 200, "error": None, "messages": {"success": True}, "transactions": [{
            "id": str(t.number), "bank_brand_name": "Vietcombank", "account_number": t.account, "transaction_date": t.local(),
            "amount_in": decimal(max(t.amount, 0)), "amount_out": decimal(max(-t.amount, 0)), "accumulated": decimal(t.balance),
            "transaction_content": t.memo, "reference_number": t.reference, "code": None, "sub_account": None, "bank_account_id": "19"}
            for t in newest]}

    def casso(self, query):
        inside = sorted((t for t in self.transfers if query["fromDate"] <= t.local()[:10] <= query["toDate"]), key=lambda t: t.at,
                        reverse=query["sort"] == "DESC")
        size, page = int(query["pageSize"]), int(query["page"])
        return {"error": 0, "message": "success", "data": {"page": page, "totalPages": -(-len(inside) // size), "records": [{
            "id": t.number, "tid": t.reference, "description": t.memo, "amount": t.amount, "cusumBalance": t.balance, "when": t.local("T"),
            "bankSubAccId": t.account, "virtualAccount": "", "corresponsiveName": "", "corresponsiveAccount": "", "corresponsiveBankId": ""}
            for t in inside[(page - 1) * size:page * size]]}}

    def wait_for_calls(self, count):
        """Until it was called so often in all."""
        end = time.monotonic() + PATIENCE
        with self._arrived:
            while len(self.calls) < count:
                left = end - time.monotonic()
                if left <= 0 or not self._arrived.wait(left):
                    raise AssertionError(f"{len(self.calls)} calls, not {count}: {self.calls}")
            return self.calls[count - 1]
