import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api, ask, type Schemas } from '@cho40/shared/api/client';
import { useKeyOf } from '@cho40/shared/api/intention';
import { Button, TextField } from '@cho40/shared/components/controls';
import { Sheet } from '@cho40/shared/components/dialog';
import { ErrorBox } from '@cho40/shared/components/feedback';
import { RefundCard } from '@cho40/shared/components/refund-card';
import { money } from '@cho40/shared/format';
import { useT } from '@cho40/shared/messages';
import type { Notice } from '../data';

type Refund = Schemas['refund'];

const reasons = ['overpaid', 'paid_twice', 'wrong_fee', 'not_accepted', 'not_eligible', 'other'] as const;
type Reason = (typeof reasons)[number];

// A refund in such a state holds nothing of a line any more.
const over: readonly string[] = ['rejected', 'cancelled', 'failed', 'returned'] satisfies Refund['state']['name'][];

interface LineLeft { key: string; receipt: string; line: number; name: string; paper: string; left: number }

// What can still be given back of each line of the receipts that count.
function linesLeft(notice: Notice): LineLeft[] {
  const held = (receipt: string, line: number) => (notice.refunds ?? []).filter((one) => !over.includes(one.state.name))
    .flatMap((one) => one.lines ?? []).filter((one) => one.receipt === receipt && one.line === line)
    .reduce((sum, one) => sum + one.amount.amount, 0);
  return notice.receipts.filter((one) => one.validity === 'issued' || one.validity === 'adjusted').flatMap((receipt) => receipt.lines.map((line) => ({
    key: `${receipt.id}/${line.line}`, receipt: receipt.id, line: line.line, name: line.name,
    paper: `${receipt.series} ${receipt.number}`, left: line.amount.amount - held(receipt.id, line.line),
  }))).filter((one) => one.left > 0);
}

// What was given back of a notice and what is still to be done about it, and the way to give back more.
export function NoticeRefunds({ notice }: { notice: Notice }) {
  const t = useT();
  const client = useQueryClient();
  const refresh = () => { for (const one of ['notice', 'notices', 'refund', 'waiting-refunds']) void client.invalidateQueries({ queryKey: [one] }); };
  const refunds = notice.refunds ?? [];
  const may = notice.acts.includes('refund');
  const [asking, setAsking] = useState(0);
  if (refunds.length === 0 && !may && !asking) return null;
  return (
    <section className="card refunds" aria-labelledby="refunds">
      <h2 id="refunds">{t('refund.title')}</h2>
      {notice.refunded?.amount ? <p>{t('notice_refund.refunded', { amount: money(notice.refunded) })}</p> : null}
      {may && notice.refundable ? <p className="quiet">{t('notice_refund.left', { amount: money(notice.refundable) })}</p> : null}
      {refunds.length > 0 ? <ul className="credits">{refunds.map((refund) => <li key={refund.id} className="refund notice-refund"><RefundCard refund={refund} onChange={refresh} /></li>)}</ul> : null}
      {may ? <Button wide icon="arrowsBoth" onPress={() => setAsking(asking + 1)}>{t('notice_refund.act')}</Button> : null}
      {asking ? <AskForRefund key={asking} notice={notice} onChange={refresh} /> : null}
    </section>
  );
}

const digitsOf = (text: string) => text.replace(/\D/g, '');

function AskForRefund({ notice, onChange }: { notice: Notice; onChange: () => void }) {
  const t = useT();
  const lines = linesLeft(notice);
  const owed = notice.surplus?.amount ?? 0;
  const left = notice.refundable ?? { amount: 0, currency: 'VND' as const };
  const [open, setOpen] = useState(true);
  const [tried, setTried] = useState(false);
  const [words, setWords] = useState('');
  const [code, setCode] = useState<Reason>(owed > 0 ? 'overpaid' : 'wrong_fee');
  // What was paid too much is what is given back most often.
  const [amounts, setAmounts] = useState<Record<string, string>>(owed > 0 ? { surplus: String(owed) } : {});
  const amountOf = (key: string) => Number(amounts[key] || '0');
  const total = [...lines.map((line) => line.key), 'surplus'].reduce((sum, one) => sum + amountOf(one), 0);
  const tooMuch = lines.some((line) => amountOf(line.key) > line.left) || amountOf('surplus') > owed;
  const lacksWords = words.trim() === '';
  const key = useKeyOf(JSON.stringify([amounts, code, words, left.amount]));
  const vnd = (amount: number) => ({ amount, currency: 'VND' as const });
  const act = useMutation({
    mutationFn: () => ask(api.POST('/v1/fee-notices/{notice}/refunds', {
      params: { path: { notice: notice.id }, header: { 'Idempotency-Key': key } },
      body: {
        lines: lines.filter((line) => amountOf(line.key) > 0).map((line) => ({ receipt: line.receipt, line: line.line, amount: vnd(amountOf(line.key)) })),
        ...(amountOf('surplus') > 0 ? { surplus: vnd(amountOf('surplus')) } : {}),
        expected_refundable: left, reason: { code, text: words.trim() },
      },
    })),
    onSuccess: () => { setOpen(false); onChange(); },
    // The figures may have changed under us: what is shown next are the new ones.
    onError: onChange,
  });
  const field = (of: string, label: string, most: number) => (
    <TextField
      key={of} label={label} help={t('notice_refund.most', { amount: money(most) })} inputMode="numeric" maxLength={13} placeholder="0" value={amounts[of] ?? ''}
      error={amountOf(of) > most ? t('notice_refund.too_much', { amount: money(most) }) : undefined}
      onChange={(value) => setAmounts({ ...amounts, [of]: digitsOf(value) })}
    />
  );
  return (
    <Sheet title={t('notice_refund.act')} isOpen={open} onClose={() => setOpen(false)}>
      <p className="sheet-text">{t('notice_refund.text')}</p>
      <div className="refund-form">
        {owed > 0 ? field('surplus', t('notice_refund.surplus'), owed) : null}
        {lines.map((line) => field(line.key, t('notice_refund.line', { name: line.name, paper: line.paper }), line.left))}
        <label className="field"><span className="label">{t('notice_refund.reason')}</span><select className="select" value={code} onChange={(event) => setCode(event.target.value as Reason)}>{reasons.map((one) => <option key={one} value={one}>{t(`approve.reason.${one}`)}</option>)}</select></label>
        <TextField label={t('notice_refund.words')} value={words} onChange={setWords} maxLength={140} error={tried && lacksWords ? t('notice_refund.words_missing') : undefined} />
      </div>
      {tried && total === 0 ? <p className="fact-warn" role="alert">{t('notice_refund.nothing')}</p> : null}
      {act.error ? <ErrorBox act error={act.error} /> : null}
      <div className="sheet-acts">
        <Button look="primary" wide isPending={act.isPending} isDisabled={tooMuch} onPress={() => { setTried(true); if (total > 0 && !lacksWords) act.mutate(); }}>{t('notice_refund.confirm', { amount: money(vnd(total)) })}</Button>
        <Button wide onPress={() => setOpen(false)}>{t('act.back')}</Button>
      </div>
    </Sheet>
  );
}
