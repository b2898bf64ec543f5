import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api, ask, newKey } from '@cho40/shared/api/client';
import { Button } from '@cho40/shared/components/controls';
import { Confirm } from '@cho40/shared/components/dialog';
import { Waiting } from '@cho40/shared/components/feedback';
import { money } from '@cho40/shared/format';
import { useT } from '@cho40/shared/messages';
import { MatchFacts } from '@cho40/shared/components/transfer-match';
import { useCredit } from '../data';
import { PayerFacts } from './payer';
import { Refunds } from './refunds';

// Why the machine put this money where it is, in its own words; when it has a guess, one question to the seller; and the way back
// for money that is nobody's.
export function CreditMatch({ stall, credit, onDone }: { stall: string; credit: string; onDone: () => void }) {
  const t = useT();
  const known = useCredit(stall, credit);
  if (!known.data) return <Waiting query={known} shape="panel" label={t('loading.credit')} />;
  const { match, narrative, payer, suggestion, amount, refunds, refundable } = known.data;
  return (
    <>
      <dl className="facts">
        <PayerFacts payer={payer} />
        <MatchFacts narrative={narrative} match={match} />
      </dl>
      {suggestion ? <Assign stall={stall} credit={credit} payment={suggestion.payment} reference={suggestion.reference} amount={money(amount)} onDone={onDone} /> : null}
      {refunds && refundable ? <Refunds of={{ id: credit, object: 'credit', stall, acts: known.data.acts, refunds, left: refundable, isTooMuch: false }} /> : null}
    </>
  );
}

function Assign({ stall, credit, payment, reference, amount, onDone }: { stall: string; credit: string; payment: string; reference: string; amount: string; onDone: () => void }) {
  const t = useT();
  const client = useQueryClient();
  const [key] = useState(newKey);
  const [open, setOpen] = useState(false);
  const act = useMutation({
    mutationFn: () => ask(api.POST('/v1/stalls/{stall}/credits/{credit}/assignment', {
      params: { path: { stall, credit }, header: { 'Idempotency-Key': key } },
      body: { payment },
    })),
    onSuccess: () => {
      void client.invalidateQueries({ queryKey: ['credit', credit] });
      void client.invalidateQueries({ queryKey: ['payment', payment] });
      void client.invalidateQueries({ queryKey: ['day-book', stall] });
      void client.invalidateQueries({ queryKey: ['payments', stall] });
      setOpen(false);
      onDone();
    },
  });
  return (
    <>
      <Button wide onPress={() => setOpen(true)}>{t('credit.assign', { code: reference })}</Button>
      <Confirm title={t('credit.assign_title', { amount, code: reference })} text={t('credit.assign_text')} act={t('credit.assign_act')} isOpen={open} onClose={() => setOpen(false)} pending={act.isPending} error={act.error} onConfirm={() => act.mutate()} />
    </>
  );
}
