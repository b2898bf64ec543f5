import { clock, dateTime, dayOf, today } from '@cho40/shared/format';
import { useT } from '@cho40/shared/messages';

// Until when the bank's word is known. Said quietly: a bank that has been silent since may have nothing to tell.
export function KnownAsOf({ at }: { at: string | null | undefined }) {
  const t = useT();
  if (!at) return null;
  return <p className="known">{t('known.as_of', { time: dayOf(at) === today() ? clock(at) : dateTime(at) })}</p>;
}
