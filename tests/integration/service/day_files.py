"""Files of a day as providers and banks send them."""
import hashlib

COLUMNS = "file_id,line_no,business_date,provider_txn_id,order_ref,type,amount_vnd,fee_vnd,net_vnd,status,txn_time,settlement_batch,settlement_date"


def provider_csv(day, amounts, fee=0, mark="T"):
    """One successful payment for each amount."""
    lines = [f"F,{n},{day},{mark}{n},,PAY,{amount},{fee},{amount - fee},SUCCESS,{day} 10:00:00,," for n, amount in enumerate(amounts, 1)]
    return ("\n".join([COLUMNS, *lines]) + "\n").encode()


def provider_pipe(day, amounts, **trailer):
    """The platform's own form; `trailer` replaces count, gross, fee, net or hash."""
    compact = day.replace("-", "")
    text = f"H|CHO40|DS|PAYOS|{compact}|1|{compact}235900\n"
    for n, amount in enumerate(amounts, 1):
        text += f"D|{n}||T{n}|PAY|{amount}|0|{amount}|SUCCESS|{compact}100000||\n"
    said = {"count": len(amounts), "gross": sum(amounts), "fee": 0, "net": sum(amounts), "hash": hashlib.sha256(text.encode()).hexdigest(), **trailer}
    return (text + "|".join(["T", *map(str, said.values())]) + "\n").encode()


def statement(account, day, amounts=(), opening=0, closing=None, message="BkToCstmrStmt", part="Stmt"):
    """camt.053 with a credit for each amount."""
    closing = opening + sum(amounts) if closing is None else closing

    def balance(code, amount):
        return (f"<Bal><Tp><CdOrPrtry><Cd>{code}</Cd></CdOrPrtry></Tp><Amt Ccy=\"VND\">{amount}</Amt><CdtDbtInd>CRDT</CdtDbtInd>"
                f"<Dt><Dt>{day}</Dt></Dt></Bal>\n")

    entries = "".join(
        f"<Ntry><Amt Ccy=\"VND\">{amount}</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts><Cd>BOOK</Cd></Sts><BookgDt><Dt>{day}</Dt></BookgDt>"
        f"<AcctSvcrRef>FT{n}</AcctSvcrRef></Ntry>\n" for n, amount in enumerate(amounts, 1))
    return ("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Document xmlns=\"urn:iso:std:iso:20022:tech:xsd:camt.053.001.08\">\n"
            f"<{message}><GrpHdr><MsgId>M</MsgId></GrpHdr>\n<{part}><Id>S</Id><FrToDt><FrDtTm>{day}T00:00:00</FrDtTm><ToDtTm>{day}T23:59:59</ToDtTm>"
            f"</FrToDt><Acct><Id><Othr><Id>{account}</Id></Othr></Id></Acct>\n"
            f"{balance('OPBD', opening)}{balance('CLBD', closing)}{entries}</{part}></{message}></Document>\n").encode()
