import type { DayLine } from '@cho40/shared/api/client';
import { Badge } from '@cho40/shared/components/feedback';
import { Sheet } from '@cho40/shared/components/dialog';
import { kindLook } from '@cho40/shared/payment-state';
import { dateTime, money } from '@cho40/shared/format';
import { useT } from '@cho40/shared/messages';
import { useCounter } from '../stall';
import { CreditMatch } from './credit-match';

// Money without a code of ours: nothing to open, everything to tell.
export function LineSheet({ line, onClose }: { line: DayLine | null; onClose: () => void }) {
  const t = useT();
  const { stall } = useCounter();
  const look = line ? kindLook(line.kind) : null;
  return (
    <Sheet title={line ? money(line.amount) : ''} isOpen={line !== null} onClose={onClose}>
      {line && look ? (
        <>
          <Badge tone={look.tone} icon={look.icon}>{t(look.word)}</Badge>
          <dl className="facts">
            <div><dt>{t('fact.when')}</dt><dd>{dateTime(line.at)}</dd></div>
            {line.payer ? <div><dt>{t('fact.payer')}</dt><dd>{line.payer}</dd></div> : null}
            {line.trace_tail ? <div><dt>{t('fact.trace')}</dt><dd>…{line.trace_tail}</dd></div> : null}
            {line.note ? <div><dt>{t('fact.note')}</dt><dd>{line.note}</dd></div> : null}
          </dl>
          {line.kind === 'nameless' ? <p className="sheet-text">{t('kind.nameless_text')}</p> : null}
          {['nameless', 'refund', 'refund_differs'].includes(line.kind) && line.credit ? <CreditMatch stall={stall.id} credit={line.credit} onDone={onClose} /> : null}
        </>
      ) : null}
    </Sheet>
  );
}
