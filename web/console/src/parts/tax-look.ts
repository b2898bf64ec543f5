// How tiers and states of returns look and are called, in one place.
import type { Schemas } from '@cho40/shared/api/client';
import type { Tone } from '@cho40/shared/components/feedback';
import type { IconName } from '@cho40/shared/components/icons';
import type { PlainKey } from '@cho40/shared/messages';

interface Look { tone: Tone; icon: IconName; word: PlainKey }
export type Tier = Schemas['tax_tier'];
export type ReturnState = Schemas['return_state']['name'];

const tiers: Record<Tier, Look> = {
  different: { tone: 'bad', icon: 'alert', word: 'tier.different' },
  refused: { tone: 'bad', icon: 'cross', word: 'tier.refused' },
  not_filed: { tone: 'warn', icon: 'clock', word: 'tier.not_filed' },
  waiting: { tone: 'ask', icon: 'send', word: 'tier.waiting' },
  matched: { tone: 'ok', icon: 'check', word: 'tier.matched' },
  below_threshold: { tone: 'still', icon: 'arrowDown', word: 'tier.below_threshold' },
};
export const tierOrder = Object.keys(tiers) as Tier[];
export const tierLook = (tier: string): Look => tiers[tier as Tier] ?? tiers.waiting;

const states: Record<ReturnState, Look> = {
  draft: { tone: 'still', icon: 'note', word: 'return.draft' },
  signed: { tone: 'ask', icon: 'document', word: 'return.signed' },
  queued: { tone: 'ask', icon: 'clock', word: 'return.queued' },
  sent: { tone: 'ask', icon: 'send', word: 'return.sent' },
  transport_unknown: { tone: 'ask', icon: 'question', word: 'return.transport_unknown' },
  received: { tone: 'ask', icon: 'arrowDown', word: 'return.received' },
  accepted: { tone: 'ok', icon: 'check', word: 'return.accepted' },
  settled: { tone: 'ok', icon: 'check', word: 'return.settled' },
  refused_technical: { tone: 'bad', icon: 'cross', word: 'return.refused' },
  refused_business: { tone: 'bad', icon: 'cross', word: 'return.refused' },
  superseded: { tone: 'still', icon: 'refresh', word: 'return.superseded' },
  conflict: { tone: 'bad', icon: 'alert', word: 'return.conflict' },
};
export const returnLook = (state: string): Look => states[state as ReturnState] ?? states.transport_unknown;

// On the way: the page keeps asking.
export const isMoving = (state: string): boolean => ['signed', 'queued', 'sent', 'transport_unknown', 'received'].includes(state);
