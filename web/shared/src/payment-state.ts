// One table says how each state of a payment looks and is called, for every page that shows one.
import type { Schemas } from './api/client';
import type { IconName } from './components/icons';
import type { Tone } from './components/feedback';
import type { PlainKey } from './messages';

type PaymentState = Schemas['payment_state']['name'];
type LineKind = Schemas['day_line_kind'];

interface Look { tone: Tone; icon: IconName; word: PlainKey }

const states: Record<PaymentState, Look> = {
  created: { tone: 'still', icon: 'clock', word: 'state.waiting' },
  waiting: { tone: 'still', icon: 'clock', word: 'state.waiting' },
  in_doubt: { tone: 'ask', icon: 'question', word: 'state.in_doubt' },
  underpaid: { tone: 'warn', icon: 'alert', word: 'state.underpaid' },
  paid: { tone: 'ok', icon: 'check', word: 'state.paid' },
  overpaid: { tone: 'warn', icon: 'arrowsBoth', word: 'state.overpaid' },
  paid_late: { tone: 'warn', icon: 'clock', word: 'state.paid_late' },
  expired: { tone: 'still', icon: 'clock', word: 'state.expired' },
  cancelled: { tone: 'still', icon: 'cross', word: 'state.cancelled' },
  failed: { tone: 'bad', icon: 'cross', word: 'state.failed' },
};

const kinds: Record<LineKind, Look> = {
  matched: { tone: 'ok', icon: 'check', word: 'kind.matched' },
  short: { tone: 'bad', icon: 'alert', word: 'kind.short' },
  over: { tone: 'warn', icon: 'arrowsBoth', word: 'kind.over' },
  late: { tone: 'warn', icon: 'clock', word: 'kind.late' },
  duplicate: { tone: 'warn', icon: 'arrowsBoth', word: 'kind.duplicate' },
  nameless: { tone: 'ask', icon: 'question', word: 'kind.nameless' },
  cash: { tone: 'still', icon: 'cash', word: 'kind.cash' },
  refund: { tone: 'still', icon: 'arrowsBoth', word: 'kind.refund' },
  refund_differs: { tone: 'bad', icon: 'alert', word: 'kind.refund_differs' },
};

// The server may learn new words before this page does.
export const stateLook = (name: string): Look => states[name as PaymentState] ?? states.in_doubt;
export const kindLook = (kind: string): Look => kinds[kind as LineKind] ?? kinds.nameless;
export const kindOrder = Object.keys(kinds) as LineKind[];

type RefundState = Schemas['refund_state']['name'];
const refunds: Record<RefundState, Look> = {
  awaiting_approval: { tone: 'warn', icon: 'clock', word: 'refund.state.awaiting_approval' },
  due: { tone: 'warn', icon: 'arrowsBoth', word: 'refund.state.due' },
  in_doubt: { tone: 'ask', icon: 'question', word: 'refund.state.in_doubt' },
  sent: { tone: 'ask', icon: 'clock', word: 'refund.state.sent' },
  done: { tone: 'ok', icon: 'check', word: 'refund.state.done' },
  rejected: { tone: 'still', icon: 'cross', word: 'refund.state.rejected' },
  cancelled: { tone: 'still', icon: 'cross', word: 'refund.state.cancelled' },
  failed: { tone: 'bad', icon: 'alert', word: 'refund.state.failed' },
  returned: { tone: 'bad', icon: 'alert', word: 'refund.state.returned' },
};
export const refundLook = (name: string): Look => refunds[name as RefundState] ?? refunds.in_doubt;
