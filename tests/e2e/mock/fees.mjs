// A handful of fees with their reliefs, and the notices made of them.
import { id, marketDay, now, payCode, state, vnd } from './ids.mjs';

const items = [
  { fee_code: 'PP_NEW', kind: 'le_phi', procedure_code: '1.001456', procedure_name: 'Cấp hộ chiếu phổ thông ở trong nước - cấp mới', agency_kind: 'Công an tỉnh', unit: 'per_booklet', asks: [], base: 200000, half: true, free: true, legal_basis: 'TT 28/2026/TT-BTC; TT 64/2025/TT-BTC' },
  { fee_code: 'CERT_COPY', kind: 'phi', procedure_code: '2.000815', procedure_name: 'Chứng thực bản sao từ bản chính', agency_kind: 'UBND cấp xã', unit: 'per_page', asks: ['quantity', 'pages'], legal_basis: 'TT 226/2016/TT-BTC' },
  { fee_code: 'RES_PERM', kind: 'le_phi', procedure_code: '1.004222', procedure_name: 'Đăng ký thường trú', agency_kind: 'Công an cấp xã', unit: 'per_case', asks: [], base: 20000, online: 10000, legal_basis: 'TT 75/2022/TT-BTC' },
  { fee_code: 'CRIM_REC', kind: 'phi', procedure_code: '2.000488', procedure_name: 'Cấp Phiếu lý lịch tư pháp', agency_kind: 'Công an tỉnh', unit: 'per_case', asks: ['quantity'], base: 200000, legal_basis: 'TT 16/2025/TT-BTC' },
  { fee_code: 'BUILD_PERMIT', kind: 'le_phi', procedure_code: '1.013225', procedure_name: 'Cấp giấy phép xây dựng nhà ở riêng lẻ', agency_kind: 'UBND cấp xã', unit: 'local', asks: [], unknown: true, legal_basis: 'HĐND tỉnh quy định' },
];
const fold = (text) => text.normalize('NFD').replace(/[\u0300-\u036f]/g, '').replace(/đ/g, 'd').replace(/Đ/g, 'D').toLowerCase();

export class Fees {
  constructor() {
    this.agency = { id: id('agc'), name: 'Trung tâm Phục vụ hành chính công tỉnh', code: 'H49.14.2' };
    this.notices = new Map();
  }

  find(q) {
    return items.filter((item) => !q || fold(`${item.procedure_code} ${item.procedure_name} ${item.fee_code}`).includes(fold(q)))
      .map((item) => ({ fee_code: item.fee_code, object: 'fee_item', kind: item.kind, procedure_code: item.procedure_code, procedure_name: item.procedure_name, agency_kind: item.agency_kind, unit: item.unit, asks: item.asks, knowledge: item.unknown ? 'unknown' : 'known', legal_basis: item.legal_basis }));
  }

  line(request, channel, persona) {
    const item = items.find((one) => one.fee_code === request.fee_code);
    if (!item) return null;
    const quantity = request.quantity ?? 1;
    let base = item.base ?? 0;
    if (item.fee_code === 'CERT_COPY') { const pages = request.pages ?? 1; base = Math.min(200000, Math.min(pages, 2) * 2000 + Math.max(0, pages - 2) * 1000); }
    if (item.online && channel === 'online') base = item.online;
    base *= quantity;
    const relief = (relief_id, kind, value, audience, text) => ({ relief_id, kind, value, audience, legal_basis: kind === 'free' ? 'TT 117/2026/TT-BTC' : 'TT 64/2025/TT-BTC', text });
    const half = item.half ? relief('TT64', 'pct', 50, null, 'Giảm còn 50 % tới 31/12/2026') : null;
    const free = item.free && persona.includes('digital_citizen') ? relief('TT117', 'free', null, 'digital_citizen', 'Công dân số được miễn tới 28/02/2027') : null;
    const best = free ?? half;
    const due = item.unknown ? null : free ? 0 : half ? Math.floor(base / 2) : base;
    return {
      fee_code: item.fee_code, name: item.procedure_name, kind: item.kind, knowledge: item.unknown ? 'unknown' : due === 0 ? 'known_free' : 'known', quantity, pages: request.pages ?? null, value: request.value ?? null, unit: item.unit,
      base: item.unknown ? null : vnd(base), due: due === null ? null : vnd(due), rate_id: `${item.fee_code}-2026`, relief: best, alternatives: free && half ? [half] : [], legal_basis: item.legal_basis, budget_subitem: '2752',
      explanation: item.unknown ? 'Mức thu do HĐND tỉnh quy định, chưa có trong biểu. Cán bộ phải nhập mức thu.' : best ? `${best.text}: ${due.toLocaleString('vi-VN')} đ` : `Mức thu theo biểu: ${due.toLocaleString('vi-VN')} đ`,
    };
  }

  assess({ channel, persona = [], lines, on_date }) {
    const found = lines.map((line) => this.line(line, channel, persona));
    if (found.includes(null)) return null;
    const payable = found.every((line) => line.due !== null);
    return { object: 'fee_assessment', on_date: on_date ?? marketDay(), channel, lines: found, total: payable ? vnd(found.reduce((sum, line) => sum + line.due.amount, 0)) : null, payable };
  }

  create(body) {
    const made = this.assess(body);
    if (!made) return null;
    const stamp = now();
    const code = payCode();
    const notice = { id: id('ntc'), object: 'fee_notice', mode: 'test', version: 1, state: state('unpaid', false), code, pay_url: `/pay/${code}`, agency: this.agency, dossier: { ...body.dossier, procedure_name: made.lines[0].name }, channel: body.channel, persona: body.persona ?? [], lines: made.lines, total: made.total, due_date: body.due_date, received_at: null, written_at: null, receipts: [], acts: [], created_at: stamp, updated_at: stamp };
    this.notices.set(notice.id, notice);
    return notice;
  }

  pay(notice) {
    notice.received_at = now();
    notice.state = state('paid', true);
    notice.version += 1;
    notice.receipts = notice.lines.map((line, index) => ({ id: id('rct'), code: payCode(), form: 'EBL01', series: '26TAA', number: String(index + 1).padStart(8, '0'), kind: line.kind, amount: line.due, lines: [{ line: 1, fee_code: line.fee_code, name: line.name, amount: line.due, refunded: vnd(0) }], refunded: vnd(0), refunded_at: null, validity: 'issued', replaces: null, replaced_by: null, issued_at: now() }));
    setTimeout(() => { notice.written_at = now(); notice.version += 1; }, 800).unref();
  }
}
