"""One service for all tests that do not stop it; a market of its own for each test."""
import os

from service import Database, Market, Service

_kept = {}


def programs():
    return os.environ["CHO40_BIN"]


def service():
    if "service" not in _kept:
        _kept["database"] = Database()
        _kept["service"] = Service(programs(), _kept["database"])
        _kept["key"] = _kept["service"].make_key("admin:read", "admin:write", "payments:read", "payments:write", "stalls:read")
    return _kept["service"]


def market():
    running = service()
    return Market(running, _kept["key"])


def finish():
    """Stops what was started; the exit code of the service, or None when there was none."""
    if "database" not in _kept:
        return None
    code = None
    if "service" in _kept:
        code, _ = _kept["service"].terminate()
    _kept["database"].drop()
    _kept.clear()
    return code
