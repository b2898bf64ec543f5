"""An agency that takes money over the national payment platform, and the sandbox's side of it."""
import json
import time
import uuid

from service import PATIENCE, Agency

SECRET = "demo-secret"
TOKEN = "gateway-token"


class NationalAgency(Agency):
    """`sandbox`: where the platform is. Its notices have a fee and a charge."""

    FEE, CHARGE = 100_000, 25_000
    TOTAL = FEE + CHARGE

    def __init__(self, service, sandbox):
        super().__init__(service, service.make_key("admin:read", "admin:write", "fees:read", "fees:write", "payments:read", "payments:write"))
        self.sandbox = sandbox
        self.partner = "QN" + uuid.uuid4().hex[:8]
        self.platform = self.register()
        self.faults()

    def wish(self, **changes):
        return {"partner": self.partner, "url": f"http://127.0.0.1:{self.sandbox.port}/dvcqg/api", "ip": "203.0.113.10", "secret": SECRET,
                "access_token": TOKEN, **changes}

    def register(self, **changes):
        return self.must("POST", f"/v1/agencies/{self.id}/national-platform", self.wish(**changes))

    def faults(self, *names, secret=SECRET):
        """What goes wrong at the platform from now on; nothing else does."""
        self.sandbox.must("POST", "/setup/national", {"partner": self.partner, "secret": secret, "access_token": TOKEN,
                                                     "address": self.platform["address"], "faults": list(names)})

    def notice(self):
        self.count = getattr(self, "count", 0) + 1
        return self.must("POST", "/v1/fee-notices", self.order(lines=[{"fee_code": "BR_REG"}, {"fee_code": "BR_PUB"}], dossier={
            "code": f"{self.code}-{self.count:04d}", "procedure_code": "2.001610", "applicant_name": "Nguyễn Văn Dân"}))

    # --- the payer ---

    def press(self, notice, key=None):
        """The button of the notice's page."""
        form = "idempotency_key=" + (key or uuid.uuid4().hex)
        return self.service.send("POST", f"/pay/{notice['code']}/national", form.encode(), {"Content-Type": "application/x-www-form-urlencoded"})

    def start(self, notice):
        """The newest attempt after the button."""
        pressed = self.press(notice)
        if pressed.status != 303:
            raise AssertionError(f"the button answered {pressed}")
        return self.attempts(notice)[0]

    def attempts(self, notice):
        return self.must("GET", f"/v1/fee-notices/{notice['id']}/national-payments")["data"]

    def attempt(self, attempt):
        return self.must("GET", f"/v1/national-payments/{attempt['id']}")

    def page(self, notice, language="vi"):
        return self.service.send("GET", f"/pay/{notice['code']}/national?lang={language}")

    # --- the platform ---

    def end(self, attempt, paid=True):
        return self.sandbox.must("POST", f"/dvcqg/payments/{attempt['reference']}/end", {"paid": paid}).json["transaction"]

    def tell(self, attempt, *calls):
        """The codes of the replies to result calls, in their order."""
        answers = self.sandbox.must("POST", f"/dvcqg/payments/{attempt['reference']}/tell", {"calls": list(calls) or [{}]}).json["answers"]
        return [json.loads(answer["body"])["MaLoi"] if answer["body"] else answer["status"] for answer in answers]

    def told(self, attempt):
        """What the platform was told of an attempt, in order: "INIT 20261122093015", …"""
        payments = self.sandbox.must("GET", "/dvcqg/payments").json["payments"]
        return next((payment for payment in payments if payment["reference"] == attempt["reference"]), None)

    # --- beside the service ---

    def look_now(self, attempt, database):
        """Its next look comes at once, and is over."""
        where = f"reference = '{attempt['reference']}'"
        looks = int(database.value(f"SELECT looks FROM national_payment WHERE {where}"))
        database.value(f"UPDATE national_payment SET look_at = now() WHERE {where}")
        database.wait_until(f"(SELECT looks > {looks} AND turn_until = '-infinity' FROM national_payment WHERE {where})")

    def until(self, attempt, state):
        end = time.monotonic() + PATIENCE
        while True:
            now = self.attempt(attempt)
            if now["state"]["name"] == state:
                return now
            if time.monotonic() > end:
                raise AssertionError(f"never {state}: {now}")
