// How the states of a day and of its sheets look and are called, and what classes of breaks are called.
import type { Schemas } from '@cho40/shared/api/client';
import type { Tone } from '@cho40/shared/components/feedback';
import type { IconName } from '@cho40/shared/components/icons';
import type { PlainKey } from '@cho40/shared/messages';

interface Look { tone: Tone; icon: IconName; word: PlainKey }
export type DayState = NonNullable<Schemas['recon_day']['partners'][number]['state']>;
export type ClosingState = Schemas['recon_closing_state']['name'];

const days: Record<DayState, Look> = {
  open: { tone: 'still', icon: 'clock', word: 'recon.open' },
  closing: { tone: 'ask', icon: 'question', word: 'recon.closing' },
  closed: { tone: 'ok', icon: 'check', word: 'recon.closed' },
};
const closings: Record<ClosingState, Look> = {
  prepared: { tone: 'ask', icon: 'question', word: 'sheet.prepared' },
  signed: { tone: 'ok', icon: 'check', word: 'sheet.signed' },
  rejected: { tone: 'bad', icon: 'cross', word: 'sheet.rejected' },
};
export const dayLook = (state: DayState): Look => days[state];
export const closingLook = (state: ClosingState): Look => closings[state];

export const className = (name: Schemas['break_class']): PlainKey => `break.${name}`;
export const changeName = (kind: Schemas['recon_adjustment']['kind']): PlainKey => `change.${kind}`;
