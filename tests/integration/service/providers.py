"""The other side of each rail that tells by one signed message: what a provider sends, and the answer that contents it."""
import hashlib
import hmac
import json
import time
import urllib.parse

SECRETS = {"sepay": "hmac:whsec_of_the_market", "casso": "casso-checksum-key", "vnpay": "vnpay-hash-secret",
           "momo": "momo-access:momo-secret-key", "zalopay": "zalopay-key-two"}


def mac(key, text, kind=hashlib.sha256):
    return hmac.new(key.encode(), text if isinstance(text, bytes) else text.encode(), kind).hexdigest()


def local(form):
    return time.strftime(form, time.gmtime(time.time() + 7 * 3600))


class Sender:
    """One rail account as its provider sees it. tell() takes the transfer in our words: account, number, amount, memo, order."""

    def __init__(self, service, address, secret):
        self.service, self.address, self.secret = service, address, secret

    def post(self, body, headers=None):
        body = body if isinstance(body, bytes) else json.dumps(body, ensure_ascii=False).encode()
        return self.service.send("POST", self.address, body, {"Content-Type": "application/json", **(headers or {})})


class SePay(Sender):
    def tell(self, account, number, amount, memo="", out=False, at=None, **changes):
        body = json.dumps({"id": number, "gateway": "MBBank", "transactionDate": local("%Y-%m-%d %H:%M:%S"), "accountNumber": account, "code": None,
                           "content": memo, "transferType": "out" if out else "in", "transferAmount": amount, "accumulated": 0, "subAccount": None,
                           "referenceCode": f"SP{number}", "description": memo, **changes}).encode()
        kind, _, key = self.secret.partition(":")
        if kind != "hmac":
            return self.post(body, {"Authorization": f"{'Apikey' if kind == 'apikey' else 'Bearer'} {key}"})
        stamp = str(int(at or time.time()))
        return self.post(body, {"X-SePay-Timestamp": stamp, "X-SePay-Signature": "sha256=" + mac(key, stamp.encode() + b"." + body)})


class Casso(Sender):
    def tell(self, account, number, amount, memo="", at=None, **changes):
        data = {"id": number, "reference": f"CA{number}", "description": memo, "amount": amount, "runningBalance": 25000000,
                "transactionDateTime": local("%Y-%m-%d %H:%M:%S"), "accountNumber": account, "virtualAccountNumber": "", **changes}
        body = {"error": 0, "data": data}
        stamp = str(int((at or time.time()) * 1000))
        text = stamp + "." + json.dumps(body, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        return self.post(body, {"X-Casso-Signature": f"t={stamp},v1={mac(self.secret, text, hashlib.sha512)}"})


class VnPay(Sender):
    def tell(self, account, number, amount, memo="", order="", response="00", **changes):
        query = {"vnp_Amount": str(amount * 100), "vnp_BankCode": "NCB", "vnp_OrderInfo": memo, "vnp_PayDate": local("%Y%m%d%H%M%S"),
                 "vnp_ResponseCode": response, "vnp_TmnCode": account, "vnp_TransactionNo": str(number),
                 "vnp_TransactionStatus": "00" if response == "00" else "02", "vnp_TxnRef": order or "X", **changes}
        text = urllib.parse.urlencode(sorted((name, value) for name, value in query.items() if value))
        return self.service.send("GET", f"{self.address}?{text}&vnp_SecureHash={mac(self.secret, text, hashlib.sha512)}")


class MoMo(Sender):
    def tell(self, account, number, amount, memo="", order="", result=0, **changes):
        access, _, key = self.secret.partition(":")
        body = {"partnerCode": account, "orderId": order or "X", "requestId": "R", "amount": amount, "orderInfo": memo, "orderType": "momo_wallet",
                "transId": number, "resultCode": result, "message": "Giao dịch thành công.", "payType": "qr", "responseTime": int(time.time() * 1000),
                "extraData": "", **changes}
        text = f"accessKey={access}&" + "&".join(f"{name}={body[name]}" for name in sorted(body))
        return self.post({**body, "signature": mac(key, text)})


class ZaloPay(Sender):
    def tell(self, account, number, amount, memo="", order="", **changes):
        now = int(time.time() * 1000)
        data = json.dumps({"app_id": int(account), "app_trans_id": local("%y%m%d_") + (order or "X"), "app_time": now, "app_user": "x", "amount": amount,
                           "embed_data": "{}", "item": "[]", "zp_trans_id": number, "server_time": now, "channel": 38, **changes})
        return self.post({"data": data, "mac": mac(self.secret, data), "type": 1})


SENDERS = {"sepay": SePay, "casso": Casso, "vnpay": VnPay, "momo": MoMo, "zalopay": ZaloPay}
