import type { Tone } from '@cho40/shared/components/feedback';
import type { IconName } from '@cho40/shared/components/icons';
import type { PlainKey } from '@cho40/shared/messages';
import type { Notice } from '../data';

interface Look { tone: Tone; icon: IconName; word: PlainKey }

const looks: Record<Notice['state']['name'], Look> = {
  unpaid: { tone: 'still', icon: 'clock', word: 'notice.unpaid' },
  waiting: { tone: 'still', icon: 'clock', word: 'notice.waiting' },
  underpaid: { tone: 'warn', icon: 'alert', word: 'notice.underpaid' },
  in_doubt: { tone: 'ask', icon: 'question', word: 'notice.in_doubt' },
  paid: { tone: 'ok', icon: 'check', word: 'notice.paid' },
  expired: { tone: 'still', icon: 'clock', word: 'notice.expired' },
  cancelled: { tone: 'still', icon: 'cross', word: 'notice.cancelled' },
  refunded: { tone: 'still', icon: 'arrowsBoth', word: 'notice.refunded' },
};

export const noticeLook = (notice: Notice): Look => looks[notice.state.name] ?? looks.in_doubt;
