"""The pages for people without an account, as the running service serves them."""
import unittest

import shared
from service import Database, Service

DEMO = "Bản thử: tiền và hồ sơ ở đây không có thật."


class Pages(unittest.TestCase):
    def test_a_real_installation_does_not_call_itself_a_demonstration(self):
        page = shared.service().send("GET", "/")
        self.assertEqual(page.status, 200)
        self.assertNotIn(DEMO, page.text)

    def test_a_demonstration_says_so_on_its_pages(self):
        database = Database()
        self.addCleanup(database.drop)
        service = Service(shared.programs(), database, CHO40_INSTALLATION_DEMO="true")
        self.addCleanup(service.stop)
        for path in ("/", "/pay", "/verify", "/receipt/nothing"):
            self.assertIn(DEMO, service.send("GET", path).text, path)

    def test_an_unknown_address_is_a_page_for_people_and_a_problem_for_programs(self):
        service = shared.service()
        page = service.send("GET", "/phi/le-phi", headers={"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"})
        self.assertEqual((page.status, page.headers["Content-Type"]), (404, "text/html; charset=utf-8"))
        self.assertIn("Không có khoản tiền nào bị trừ.", page.text)
        self.assertIn("script-src 'self'", page.headers["Content-Security-Policy"])
        for method, path, headers in (("GET", "/phi/le-phi", {"Accept": "*/*"}), ("GET", "/phi", {}), ("GET", "/v1/nothing", {"Accept": "text/html"}),
                                      ("POST", "/phi", {"Accept": "text/html"})):
            answer = service.send(method, path, headers=headers)
            self.assertEqual((answer.status, answer.code), (404, "not_found"), (method, path))


if __name__ == "__main__":
    unittest.main()
