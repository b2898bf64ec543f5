import type { Schemas } from '@cho40/shared/api/client';
import { Icon } from '@cho40/shared/components/icons';
import { clock, dateTime, dayOf, today } from '@cho40/shared/format';
import { useT } from '@cho40/shared/messages';

// Until when the bank's word is known. Said quietly: a bank that has been silent since may have nothing to tell.
export function KnownAsOf({ at }: { at: string | null | undefined }) {
  const t = useT();
  if (!at) return null;
  return <p className="known">{t('known.as_of', { time: dayOf(at) === today() ? clock(at) : dateTime(at) })}</p>;
}

// Only where money of this stall may be missing: calm, because most of it is told within minutes.
export function MoneyGaps({ gaps }: { gaps: Schemas['day_book']['money_gaps'] }) {
  const t = useT();
  const time = (from: string, to: string) => (from === to ? t('known.gap_at', { at: from }) : t('known.gap_between', { from, to }));
  return (
    <>
      {gaps.map((gap) => (
        <p key={gap.from + gap.to} className="money-gap" role="status"><Icon name="alert" size={20} /><span>{t(gap.being_asked ? 'known.gap_asked' : 'known.gap', { time: time(clock(gap.from), clock(gap.to)) })}</span></p>
      ))}
    </>
  );
}
