// Households, turnover and returns. Submitting plays the authority: 843 after a moment, 844 a little later.
import { id, marketDay, now, state, vnd } from './ids.mjs';

const threshold = 1_000_000_000;
const activities = { a: { code: 'a', name: 'Phân phối, cung cấp hàng hóa', vat: 100, pit: 50 }, d: { code: 'd', name: 'Sản xuất, vận tải, dịch vụ gắn với hàng hóa', vat: 300, pit: 150 } };
const plain = ({ code, name }) => ({ code, name });
const half = (value, bp) => Math.floor((value * bp + 5000) / 10000);
const fold = (text) => text.normalize('NFD').replace(/[\u0300-\u036f]/g, '').replace(/đ/g, 'd').replace(/Đ/g, 'D').toLowerCase();

export class Tax {
  constructor(market) {
    this.period = '2026-Q3';
    this.returns = new Map();
    this.viewers = [];
    const rows = [
      ['Nguyễn Thị Thế', '5701234567', 420_000_000, 180_000_000, 700_000_000, null],
      ['Trần Văn Bình', '5701358246', 388_500_000, 0, 812_000_000, 'equal'],
      ['Phạm Thị Lan', '5701777888', 512_340_000, 0, 998_000_000, 'less'],
      ['Lê Văn Hùng', '5701444555', 96_700_000, 0, 180_300_000, null],
      ['Hoàng Thị Mai', '5701666777', 244_120_000, 60_000_000, 731_500_000, 'sent'],
      ['Vũ Đức Thành', '5701888999', 331_000_000, 0, 702_100_000, 'refused'],
    ];
    this.households = rows.map(([owner, code, goods, food, before, filed], index) => {
      const household = { id: id('hh'), object: 'household', version: 1, name: `Hộ kinh doanh ${owner}`, owner_name: owner, tax_code: code, ward: 'Phường Hồng Gai', tax_office: 'Thuế cơ sở 1 tỉnh Quảng Ninh', activities: [plain(activities.a), ...(food ? [plain(activities.d)] : [])], stalls: [market.brief(market.stalls[index % 2])], goods, food, before };
      if (filed) this.draft(household, filed);
      return household;
    });
    // A long tail, so that paging is real.
    for (let index = 0; index < 60; index += 1) {
      const goods = 20_000_000 + ((index * 7_919_000) % 180_000_000);
      this.households.push({ id: id('hh'), object: 'household', version: 1, name: `Hộ kinh doanh số ${index + 1}`, owner_name: `Chủ hộ ${index + 1}`, tax_code: `57020${String(10000 + index)}`, ward: 'Phường Bạch Đằng', tax_office: 'Thuế cơ sở 1 tỉnh Quảng Ninh', activities: [plain(activities.a)], stalls: [], goods, food: 0, before: goods * 2 });
    }
  }

  of(household, period = this.period) { return [...this.returns.values()].filter((one) => one.household.id === household.id && one.period === period).at(-1); }

  position(household, period = this.period) {
    const share = period === this.period ? 1 : 0.6;
    const turnover = Math.round((household.goods + household.food) * share);
    const filed = this.of(household, period);
    const must = household.before + turnover > threshold;
    const declared = filed ? filed.figures.revenue.amount : null;
    const tier = !must ? 'below_threshold' : !filed || filed.state.name === 'draft' ? 'not_filed' : filed.state.name.startsWith('refused') ? 'refused' : declared !== turnover ? 'different' : ['accepted', 'settled'].includes(filed.state.name) ? 'matched' : 'waiting';
    return { period, ledger_turnover: vnd(turnover), year_to_date_before: vnd(household.before), must_file: must, declared_revenue: declared === null ? null : vnd(declared), difference: declared === null ? null : vnd(declared - turnover), return: filed?.id ?? null, return_state: filed?.state ?? null, due_date: '2026-11-02', tier };
  }

  view(household, period) {
    const { goods, food, before, ...rest } = household;
    return { ...rest, position: this.position(household, period) };
  }

  list({ q, period, tier }) {
    const order = { different: 0, refused: 1, not_filed: 2, waiting: 3, matched: 4, below_threshold: 5 };
    return this.households.map((one) => this.view(one, period ?? undefined))
      .filter((one) => (!q || fold(`${one.name} ${one.owner_name} ${one.tax_code}`).includes(fold(q))) && (!tier || tier.split(',').includes(one.position.tier)))
      .sort((a, b) => order[a.position.tier] - order[b.position.tier]);
  }

  detail(household) {
    const step = (day, what, text, amount, ref = null) => ({ at: `2026-${day}T17:00:00.000Z`, on: `2026-${day}`, what, text, amount: amount === null ? null : vnd(amount), ref });
    const filed = this.of(household);
    const third = Math.round((household.goods + household.food) / 3);
    this.viewers.unshift({ at: now(), name: 'Trần Thị Lan', role: 'tax_officer' });
    return {
      household: this.view(household),
      positions: ['2026-Q3', '2026-Q2', '2026-Q1'].map((period) => this.position(household, period)),
      timeline: [
        ...(filed ? filed.states.slice().reverse().map((one) => ({ at: one.since, on: null, what: one.name === 'draft' ? 'return_drafted' : one.name === 'received' ? 'notice_843' : one.name === 'accepted' ? 'notice_844' : 'return_sent', text: `Tờ khai quý III: ${one.name === 'draft' ? 'lập nháp' : one.name === 'received' ? 'cơ quan thuế đã nhận (843)' : one.name === 'accepted' ? 'chấp nhận (844)' : 'đã gửi'}`, amount: null, ref: filed.id })) : []),
        step('09-30', 'turnover_month', 'Doanh thu tháng 9', third), step('08-31', 'turnover_month', 'Doanh thu tháng 8', third), step('08-12', 'threshold_passed', 'Doanh thu trong năm vượt mức phải khai', threshold), step('07-31', 'turnover_month', 'Doanh thu tháng 7', third), step('06-30', 'turnover_month', 'Doanh thu tháng 6', Math.round(household.before / 6)),
      ],
      viewers: this.viewers.slice(0, 10),
    };
  }

  turnover(household, period) {
    const share = period === this.period ? 1 : 0.6;
    const goods = Math.round(household.goods * share);
    const food = Math.round(household.food * share);
    const total = goods + food;
    const third = Math.floor(total / 3);
    return {
      object: 'turnover', household: household.id, period, as_of: now(), total: vnd(total), year_to_date_before: vnd(household.before), year_to_date: vnd(household.before + total), threshold: vnd(threshold),
      by_activity: [{ activity: plain(activities.a), sum: vnd(goods) }, ...(food ? [{ activity: plain(activities.d), sum: vnd(food) }] : [])],
      by_channel: [{ channel: 'qr', count: 3120, sum: vnd(total - Math.floor(total / 10)) }, { channel: 'cash', count: 402, sum: vnd(Math.floor(total / 10)) }],
      by_month: ['2026-07', '2026-08', '2026-09'].map((month, index) => ({ month, count: 1174, sum: vnd(index === 2 ? total - 2 * third : third) })),
      by_stall: household.stalls.map((stall) => ({ stall, count: 3522, sum: vnd(total) })),
    };
  }

  draft(household, play = null, period = this.period) {
    const goods = play === 'less' ? household.goods - 42_340_000 : household.goods;
    const { food, before } = household;
    const left = Math.max(0, threshold - before);
    const foodDeducted = Math.min(left, food);
    const goodsDeducted = Math.min(left - foodDeducted, goods);
    const line = (activity, revenue, deducted) => ({ row: activity.code, activity: plain(activity), ledger_turnover: vnd(activity.code === 'a' ? household.goods : food), revenue: vnd(revenue), vat_rate_bp: activity.vat, vat: vnd(half(revenue, activity.vat)), pit_revenue: vnd(revenue), deducted: vnd(deducted), pit_rate_bp: activity.pit, pit: vnd(half(revenue - deducted, activity.pit)), rules: ['vat_2026', 'pit_a_2026'], explanation: `${activity.vat / 100} % trên doanh thu; TNCN ${activity.pit / 100} % trên phần còn lại` });
    const lines = [line(activities.a, goods, goodsDeducted), ...(food ? [line(activities.d, food, foodDeducted)] : [])];
    const sum = (pick) => lines.reduce((total, one) => total + pick(one).amount, 0);
    const stamp = now();
    const revenue = goods + food;
    const made = {
      id: id('ret'), object: 'tax_return', mode: 'test', version: 1, state: state('draft', false), household: { id: household.id, name: household.name, tax_code: household.tax_code }, period,
      form: { number: '01/CNKD', version: '2.9.1', circular: 'TT50/2026/TT-BTC' }, kind: 'original', submission_number: 0, due_date: '2026-11-02',
      figures: { ledger_turnover: vnd(household.goods + food), revenue: vnd(revenue), difference: vnd(revenue - household.goods - food), year_to_date_before: vnd(before), threshold: vnd(threshold), deducted: vnd(foodDeducted + goodsDeducted), vat: vnd(sum((one) => one.vat)), pit: vnd(sum((one) => one.pit)), total_due: vnd(sum((one) => one.vat) + sum((one) => one.pit)) },
      lines, states: [{ name: 'draft', since: stamp, reason: null }], notices: [], transaction_code: null, document: { sha256: 'a'.repeat(64), bytes: 6120, signed_at: null, path: '' }, acts: ['submission'], created_at: stamp, updated_at: stamp,
    };
    made.document.path = `/v1/tax-returns/${made.id}/document`;
    this.returns.set(made.id, made);
    if (play) { this.submit(made, 0, play === 'sent' ? null : 0, play === 'refused'); }
    return made;
  }

  move(one, name, reason = null) {
    one.state = { ...state(name, ['accepted', 'refused_business'].includes(name)), reason };
    one.states.push({ name, since: one.state.since, reason });
    one.version += 1;
    one.updated_at = now();
    one.acts = name === 'draft' ? ['submission'] : [];
  }

  submit(one, first = 1500, second = 1500, refuse = false) {
    this.move(one, 'signed');
    one.document.signed_at = now();
    this.move(one, 'sent');
    const code = '10820260000004512';
    const notice = (number, title, positive, reasons = []) => ({ id: id('tnt'), code: number, title, positive, transaction_code: code, issued_on: marketDay(), received_at: now(), filed_at: number === '844' ? now() : null, reasons, dues: number === '844' && positive ? [{ identifier: '5726000012345', amount: one.figures.total_due }] : [] });
    const receive = () => {
      one.transaction_code = code;
      one.notices.push(notice('843', 'Thông báo tiếp nhận hồ sơ thuế điện tử', null));
      this.move(one, 'received');
      if (second === null) return;
      const decide = () => {
        one.notices.push(refuse ? notice('844', 'Thông báo không chấp nhận hồ sơ khai thuế điện tử', false, [{ group: 'Nghiệp vụ', error: 'Cơ quan thuế quản lý chưa đúng', advice: 'Chọn lại cơ quan thuế rồi nộp lại' }]) : notice('844', 'Thông báo chấp nhận hồ sơ khai thuế điện tử', true));
        this.move(one, refuse ? 'refused_business' : 'accepted', refuse ? { code: 'wrong_office', text: 'Cơ quan thuế quản lý chưa đúng' } : null);
      };
      if (second === 0) decide(); else setTimeout(decide, second).unref();
    };
    if (first === 0) receive(); else setTimeout(receive, first).unref();
  }
}
