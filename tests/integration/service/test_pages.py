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


if __name__ == "__main__":
    unittest.main()
