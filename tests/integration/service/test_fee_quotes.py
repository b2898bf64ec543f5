"""What is due, for anybody: the public calculator and the operation behind it."""
import json
import re
import unittest
import urllib.parse

import shared
from refusals import Refusals, metric_of_api
from service import Agency


def money(amount):
    return {"amount": amount, "currency": "VND"}


class FeeQuotes(Refusals):
    def ask(self, fee_codes, channel="counter", day="2026-11-22", **more):
        body = {"channel": channel, "on_date": day, "lines": [{"fee_code": c} if isinstance(c, str) else c for c in fee_codes], **more}
        return self.service.send("POST", "/v1/fee-quotes", json.dumps(body).encode(), {"Content-Type": "application/json"})

    def page(self, **query):
        return self.service.send("GET", "/fees?" + urllib.parse.urlencode(query, doseq=True))

    def test_lines_reliefs_and_sums(self):
        answer = self.ask(["PP_NEW", "BR_PUB"], "online", persona=["digital_citizen"])
        self.assertEqual(answer.status, 200, answer)
        quote = answer.json
        passport = quote["lines"][0]
        self.assertEqual([(r["relief_id"], r["verdict"]) for r in passport["reliefs"]],
                         [("pct:50#TT64", "not_better"), ("free::digital_citizen#TT117", "used")])
        self.assertEqual((passport["knowledge"], passport["due"], passport["unknown_because"]), ("known_free", money(0), None))
        self.assertEqual((quote["total_phi"], quote["total_le_phi"], quote["total"]), (money(100000), money(0), money(100000)))
        self.assertIn("Không cộng thêm", passport["explanation"])

    def test_what_nobody_knows_is_not_free(self):
        quote = self.ask(["HB_REG", "ID_FIRST"]).json
        self.assertEqual([(line["knowledge"], line["due"], line["unknown_because"]) for line in quote["lines"]],
                         [("unknown", None, "set_locally"), ("known_free", money(0), None)])
        self.assertEqual((quote["total_phi"], quote["total_le_phi"], quote["total"], quote["payable"]), (money(0), None, None, False))

    def test_fees_in_dollars(self):
        self.assertEqual(self.ask(["VISA_90"]).json["lines"][0]["unknown_because"], "exchange_rate_missing")
        self.assertEqual(self.ask(["VISA_90"], vnd_per_usd=money(26150)).json["total"], money(1307500))

    def test_the_same_as_an_agency_is_told(self):
        agency = Agency(self.service)
        lines = [{"fee_code": "CERT_COPY", "quantity": 3, "pages": 5}, {"fee_code": "NOT_VAL", "value": money(3500000000)}]
        preview = agency.must("POST", "/v1/fee-assessments", {"agency": agency.id, "channel": "counter", "on_date": "2026-11-22", "lines": lines})
        quote = self.ask(lines).json
        self.assertEqual(quote["total"], money(21000 + 2450000))
        self.assertEqual(preview["total"], quote["total"])
        for ours, theirs in zip(quote["lines"], preview["lines"]):
            self.assertEqual({name: ours[name] for name in theirs}, theirs)

    def test_refusals(self):
        metric = lambda status: metric_of_api(status, "fee_quotes.preview")
        self.refused(lambda: self.ask(["NO_SUCH_FEE"]), 422, "fee_unknown", metric(422))
        self.refused(lambda: self.ask(["MKT_STALL"]), 422, "not_a_fee", metric(422))
        self.refused(lambda: self.ask(["PP_NEW"], persona=["king"]), 422, "validation_failed", metric(422))
        self.refused(lambda: self.ask([]), 422, "validation_failed", metric(422))
        self.refused(lambda: self.ask(["PP_NEW"], agency="agc_x"), 422, "unknown_field", metric(422))

    def test_a_fee_is_found_without_accents(self):
        page = self.page(q="ho chieu pho thong")
        self.assertEqual(page.status, 200)
        self.assertEqual(re.findall(r'href="/fees\?fee=(\w+)"', page.text), ["PP_NEW", "PP_LOST"])
        self.assertIn("Tìm được 2 khoản", page.text)
        nothing = self.page(q="khong co gi nhu the")
        self.assertIn("không có nghĩa là miễn phí", nothing.text)

    def test_an_address_is_a_whole_question(self):
        page = self.page(fee="NOT_VAL", channel="counter", day="22/11/2026", **{"value.NOT_VAL": "3.500.000.000 đ"})
        self.assertEqual(page.status, 200)
        self.assertIn("2.450.000\u00a0đ", page.text)
        self.assertIn("TT 257/2016", page.text)
        english = re.search(r'class="language" href="([^"]+)"', page.text).group(1).replace("&amp;", "&")
        answer = self.service.send("GET", english)
        self.assertIn('<html lang="en">', answer.text)
        self.assertIn("2.450.000\u00a0đ", answer.text)
        self.assertIn('value="22/11/2026"', answer.text)

    def test_two_fees_of_a_case(self):
        page = self.page(fee=["BR_REG", "BR_PUB"], day="2026-11-22").text
        for words in ("125.000\u00a0đ", "Phí: 100.000\u00a0đ", "Lệ phí: 25.000\u00a0đ", "Phí và lệ phí có biên lai riêng."):
            self.assertIn(words, page)

    def test_unknown_and_wrong(self):
        unknown = self.page(fee="HB_REG")
        self.assertIn("hãy hỏi quầy tiếp nhận", unknown.text)
        self.assertNotIn("Không phải nộp tiền", unknown.text)
        self.assertEqual(self.page(fee="MKT_STALL").status, 404, "a price is no fee")
        self.assertEqual(self.page(fee="NO_SUCH").status, 404)
        wrong = self.page(fee="CERT_COPY", day="31/02/2026", **{"pages.CERT_COPY": "năm"})
        self.assertEqual(wrong.status, 422)
        for field in ("day", "pages.CERT_COPY"):
            self.assertIn(f'href="#{field}"', wrong.text)
            self.assertRegex(wrong.text, rf'id="{re.escape(field)}"[^>]*aria-invalid="true"')
        self.assertNotIn('id="answer"', wrong.text)
        for hostile in ("fee=%00", "fee=" + "A" * 3000, "q=%ff%fe", "fee=PP_NEW&quantity.PP_NEW=99999999999999999999", "fee=PP_NEW&day=%ff"):
            self.assertIn(self.service.send("GET", "/fees?" + hostile).status, (200, 400, 404, 422), hostile)

    def test_the_start_page_leads_there(self):
        self.assertIn('href="/fees"', self.service.send("GET", "/").text)


if __name__ == "__main__":
    unittest.main()
