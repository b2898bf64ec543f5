"""What every refusal owes, whatever was wrong: a clear answer with a stable code, nothing written, a metric, a log line about nobody."""
import unittest
import uuid

import shared
from service import APPLICANT_NAME, HOLDER_NAME, MEMO_TEXT, OWNER_NAME, PASSWORD, PAYER_ACCOUNT, PAYER_NAME, TAX_CODE

# What the server answers before a handler looks, on any address.
EVERYWHERE = {"malformed_request", "body_too_large", "invalid_utf8", "wrong_type", "unsupported_media_type", "invalid_input"}


def with_member(body, name, text):
    """The JSON text with one member more, whatever stands there already."""
    return body[:-1] + b', "' + name.encode() + b'": ' + text + b"}"


class Refusals(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.service = shared.service()
        cls.market = shared.market()
        cls.personal = {PAYER_NAME, PAYER_ACCOUNT, MEMO_TEXT, APPLICANT_NAME, OWNER_NAME, HOLDER_NAME, TAX_CODE, PASSWORD,
                        cls.market.account, cls.market.key}
        cls.problems = {operation["operationId"]: operation.get("x-problems", [])
                        for path in cls.service.send("GET", "/openapi.json").json["paths"].values() for operation in path.values()}

    def refused(self, send, status, code, metric, line=None):
        """Runs send() and checks all that a refusal owes. `line`: where in a file the fault lies."""
        before, counted = self.service.database.counts(), self.service.metrics().get(metric, 0)
        lines = len(self.service.log())
        answer = send()
        self.assertEqual((answer.status, answer.code), (status, code), answer)
        self.assertEqual(self.service.database.counts(), before, "something was written")
        self.assertEqual(self.service.metrics().get(metric, 0), counted + 1, metric)
        if line is not None:
            self.assertEqual(answer.json["errors"][0]["pointer"], f"line {line}", answer)
            self.assertIn(f"dòng {line}", answer.json["detail"])
        self.assert_log(answer, lines)
        return answer

    def assert_log(self, answer, lines):
        """The request stands in the log, and nobody's data."""
        request = answer.headers.get("Request-Id") or answer.headers.get("X-Request-Id")
        self.assertTrue(request, dict(answer.headers))
        seen = self.service.wait_for_log(lambda line: line.get("request_id") == request and line.get("event") == "http.request")
        if answer.status >= 400 and self.problems.get(seen["operation"]):
            self.assertIn(answer.code, EVERYWHERE | set(self.problems[seen["operation"]]), f"openapi.json does not say it of {seen['operation']}")
        new = "".join(self.service.log()[lines:])
        for personal in self.personal | {self.market.token}:
            self.assertTrue(not personal or personal not in new, f"{personal} stands in the log:\n{new}")


def metric_of_rail(rail, outcome):
    return f'cho40_rail_notifications_total{{outcome="{outcome}",rail="{rail}"}}'


def matches_of(number):
    """SQL: what the notifications that hold this text turned out to be."""
    return ("SELECT outcome FROM rail_match JOIN rail_inbox USING (book_id, inbox_id) "
            f"WHERE convert_from(body, 'UTF8') LIKE '%{number}%'")


def metric_of_api(status, operation="payments.create"):
    return f'cho40_http_requests_total{{operation="{operation}",status="{status}"}}'


def metric_of_malformed(code):
    return f'cho40_http_malformed_total{{code="{code}"}}'


def login_of(name):
    """A login nobody has."""
    return f"{name}-{uuid.uuid4().hex[:12]}"


def uuid_of(text):
    """The UUID behind pay_01jd…: Crockford's base32 after the prefix."""
    number = 0
    for letter in text.rpartition("_")[2]:
        number = number * 32 + "0123456789abcdefghjkmnpqrstvwxyz".index(letter)
    return str(uuid.UUID(int=number))
