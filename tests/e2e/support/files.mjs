// What a provider and a bank send after a day: the daily file of the platform's own profile, and a camt.053 statement.
import { createHash } from 'node:crypto';

const compact = (iso) => iso.replaceAll('-', '');
const stamp = (date) => new Date(date.getTime() + 7 * 3600_000).toISOString().slice(0, 19).replace(/[-:T]/g, '');

export function providerFile({ partner, date, revision = 1, batch, lines }) {
  const rows = lines.map((line, index) => `D|${index + 1}|${line.order}|${line.reference}|PAY|${line.amount}|0|${line.amount}|SUCCESS|${stamp(line.at)}|${batch}|${compact(date)}`);
  const sum = lines.reduce((total, line) => total + line.amount, 0);
  const body = `H|CHO40|DS|${partner}|${compact(date)}|${revision}|${stamp(new Date())}\n${rows.map((row) => `${row}\n`).join('')}`;
  return `${body}T|${lines.length}|${sum}|0|${sum}|${createHash('sha256').update(body).digest('hex')}\n`;
}

export function camt053({ account, date, opening = 0, entries }) {
  const sum = entries.reduce((total, entry) => total + entry.amount, 0);
  const balance = (code, amount) => `<Bal><Tp><CdOrPrtry><Cd>${code}</Cd></CdOrPrtry></Tp><Amt Ccy="VND">${amount}</Amt><CdtDbtInd>CRDT</CdtDbtInd><Dt><Dt>${date}</Dt></Dt></Bal>`;
  const rows = entries.map((entry) => `<Ntry><Amt Ccy="VND">${entry.amount}</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts><Cd>BOOK</Cd></Sts><BookgDt><Dt>${date}</Dt></BookgDt><ValDt><Dt>${date}</Dt></ValDt><AcctSvcrRef>${entry.reference}</AcctSvcrRef><BkTxCd><Prtry><Cd>TRF</Cd></Prtry></BkTxCd><NtryDtls><TxDtls><Refs><AcctSvcrRef>${entry.reference}</AcctSvcrRef></Refs><Amt Ccy="VND">${entry.amount}</Amt><CdtDbtInd>CRDT</CdtDbtInd><RmtInf><Ustrd>${entry.narrative}</Ustrd></RmtInf></TxDtls></NtryDtls></Ntry>`).join('');
  return `<?xml version="1.0" encoding="UTF-8"?>\n<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.08"><BkToCstmrStmt><GrpHdr><MsgId>E2E-${account}-${compact(date)}</MsgId><CreDtTm>${date}T23:59:00+07:00</CreDtTm></GrpHdr><Stmt><Id>${account}-${compact(date)}</Id><ElctrncSeqNb>1</ElctrncSeqNb><CreDtTm>${date}T23:59:00+07:00</CreDtTm><Acct><Id><Othr><Id>${account}</Id></Othr></Id><Ccy>VND</Ccy></Acct>${balance('OPBD', opening)}${balance('CLBD', opening + sum)}${rows}</Stmt></BkToCstmrStmt></Document>\n`;
}
