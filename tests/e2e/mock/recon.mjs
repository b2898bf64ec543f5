// Days of reconciliation with one provider: files, a comparison, sheets that two people sign.
import { createHash } from 'node:crypto';
import { id, marketDay, now, state, vnd } from './ids.mjs';

const sha = (text) => createHash('sha256').update(text).digest('hex');
const counted = (count, sum) => ({ count, sum: vnd(sum) });

export class Recon {
  constructor() {
    this.partner = { id: id('rla'), name: 'Cổng thanh toán A' };
    this.date = marketDay(Date.now() - 86400_000);
    this.closings = [];
    this.run = null;
    this.files = [];
    this.blocking = null;
    this.lines = 2;
  }

  receive() {
    const file = { id: id('stm'), object: 'recon_file', mode: 'test', version: 1, side: 'provider', source: this.partner.id, date: this.date, revision: this.files.length + 1, sha256: sha(String(this.files.length)), bytes: 900, result: this.files.length ? 'supersedes' : 'accepted', lines: this.lines, sum: vnd(this.lines * 45000), errors: [], created_at: now(), updated_at: now() };
    this.files.push(file);
  }

  // A corrected file with one line more, compared at once.
  late() {
    this.lines += 1;
    this.receive();
    this.compare();
  }

  compare() { this.run = { id: id('job'), at: now(), lines: this.lines }; }

  summary() {
    const { lines } = this.run ?? { lines: 0 };
    return {
      ledger: counted(1, 45000), matched: counted(Math.min(lines, 1), Math.min(lines, 1) * 45000), waiting: counted(0, 0),
      breaks: lines > 1 ? [{ class: 'MISSING_INTERNAL', count: lines - 1, delta: vnd((lines - 1) * 45000) }] : [],
      equations: [{ number: 1, name: 'provider channel', left: vnd(45000), right: vnd(45000), holds: true }],
    };
  }

  head(closing) {
    const { figures, classes, equations, files, breaks, adjustments, partner_name, continues_sha256, rules_sha256, as_of, count, sum, lines, ...head } = closing;
    return head;
  }

  changes() {
    const signed = this.closings.filter((one) => one.state.name === 'signed').at(-1);
    if (!signed) return null;
    const more = this.run.lines - signed.lines;
    return more ? [{ kind: 'provider', subject: null, count: more, sum: vnd(more * 45000) }, { kind: 'file_added', subject: this.files.at(-1).id, count: this.run.lines, sum: vnd(this.run.lines * 45000) }] : [];
  }

  day(date, partner) {
    const here = date === this.date && this.files.length > 0;
    const day = { state: this.closings.some((one) => one.state.name === 'prepared') ? 'closing' : this.closings.some((one) => one.state.name === 'signed') ? 'closed' : 'open' };
    const partners = here ? [{ partner: this.partner.id, name: this.partner.name, run: this.run?.id ?? null, ...this.summary(), ...day, closings: this.closings.map((one) => this.head(one)), ...(partner ? { changes: this.changes() } : {}) }] : [];
    return { object: 'recon_day', date, as_of: now(), version: this.files.length, state: here ? day.state : 'open', files: here ? this.files : [], partners };
  }

  league(from, to) {
    const count = Math.max(0, (this.run?.lines ?? 0) - 1);
    const row = { place: 1, partner: this.partner.id, name: this.partner.name, files: this.files.length, late_files: 1, corrected_files: Math.max(0, this.files.length - 1), held_files: 0, file_lines: this.lines, count, sum: vnd(count * 45000), open: count, breaks_per_10000_lines: 5000, mean_age_days: '1.5', lines: '/v1/recon/breaks', classes: [], remarkable_files: [] };
    return { object: 'recon_provider_league', from_date: from, to_date: to, sha256: sha(from), count, sum: vnd(count * 45000), partners: this.files.length ? [row] : [] };
  }

  collector(agency, { code, name }, from, to) {
    return { object: 'collector_statement', agency, agency_code: code, agency_name: name, from_date: from, to_date: to, sha256: sha(to), count: 2, sum: vnd(125000), given_back: vnd(25000), kept: vnd(0), to_budget: vnd(70000), undecided: vnd(30000), fees: [], series: [], receipts: [] };
  }

  prepare(user) {
    const file = this.files.at(-1);
    const before = this.closings.filter((one) => one.state.name === 'signed').at(-1);
    const { breaks, equations, ledger, matched, waiting } = this.summary();
    const closing = id('dcl');
    const stamp = now();
    const made = {
      id: closing, object: 'recon_closing', mode: 'test', version: 1, state: state('prepared', false), date: this.date, partner: this.partner.id, number: this.closings.length + 1, run: this.run.id, sha256: sha(closing), note: null,
      prepared_by: { id: user.id, name: user.name }, decided_by: null, signature: null, links: { csv: `/v1/recon/closings/${closing}?format=csv`, pdf: `/v1/recon/closings/${closing}?format=pdf`, matches: `/v1/recon/runs/${this.run.id}/matches` }, created_at: stamp, updated_at: stamp,
      partner_name: this.partner.name, continues_sha256: before?.sha256 ?? null, rules_sha256: sha('rules'), as_of: this.run.at, count: ledger.count, sum: ledger.sum,
      figures: { ledger, matched, waiting, provider: counted(this.run.lines, this.run.lines * 45000), bank: counted(0, 0) },
      classes: breaks.map((one) => ({ ...one, open: one.count, at_stake: one.delta, lines: '/v1/recon/breaks' })), equations,
      files: [{ id: file.id, side: 'provider', date: this.date, revision: file.revision, lines: file.lines, sum: file.sum, sha256: file.sha256, content: `/v1/recon/files/${file.id}/content` }],
      breaks: [], adjustments: this.changes() ?? [], lines: this.run.lines,
    };
    this.closings.push(made);
    return made;
  }

  decide(closing, name, user, reason) {
    closing.state = state(name, true, reason ? { reason: { code: 'not_agreed', text: reason } } : {});
    closing.decided_by = { id: user.id, name: user.name };
    closing.version = 2;
    closing.updated_at = now();
    if (name === 'signed') closing.signature = { algorithm: 'Ed25519', key_id: '8d1f8d1f8d1f8d1f', text: 'cho40 reconciliation day v1\n', signature: 'ab'.repeat(64) };
    return closing;
  }
}
