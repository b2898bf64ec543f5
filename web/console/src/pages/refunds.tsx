import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api, ask, newKey, type Schemas } from '@cho40/shared/api/client';
import { Button, TextField } from '@cho40/shared/components/controls';
import { Confirm } from '@cho40/shared/components/dialog';
import { Empty, Notice, Waiting } from '@cho40/shared/components/feedback';
import { dateTime, money } from '@cho40/shared/format';
import { useT } from '@cho40/shared/messages';
import { useTitle } from '@cho40/shared/router';
import { useWaitingRefunds } from '../data';

type WaitingRefund = Schemas['waiting_refund'];
type Decision = 'approval' | 'rejection';
interface Asked { one: WaitingRefund; decision: Decision }
interface Decided { decision: Decision; amount: string; whose: string }

// What somebody else has to agree to before money is given back. Who has asked for it sees it here too, without the acts.
export function RefundsPage() {
  const t = useT();
  const list = useWaitingRefunds();
  const rows = list.data?.pages.flatMap((page) => page.data) ?? [];
  const [asked, setAsked] = useState<Asked | null>(null);
  const [decided, setDecided] = useState<Decided | null>(null);
  useTitle(t('approve.title'));
  return (
    <>
      <div className="head"><h1>{t('approve.title')}</h1></div>
      <p className="head-more">{t('approve.text')}</p>
      <div role="status">{decided ? <Notice tone={decided.decision === 'approval' ? 'ok' : 'still'} icon={decided.decision === 'approval' ? 'check' : 'cross'} title={t(`approve.done_${decided.decision}`, { amount: decided.amount, whose: decided.whose })}>{t(`approve.done_${decided.decision}_text`)}</Notice> : null}</div>
      {!list.data ? <Waiting query={list} shape="table" label={t('loading.refunds')} /> : rows.length === 0 ? (
        <Empty icon="check" title={t('approve.empty')}>{t('approve.empty_text')}</Empty>
      ) : (
        <ul className="approve-rows">{rows.map((one) => <li key={one.refund.id} className="card approve-row"><Row one={one} onAsk={(decision) => { setDecided(null); setAsked({ one, decision }); }} /></li>)}</ul>
      )}
      {list.hasNextPage ? <div className="more"><Button isPending={list.isFetchingNextPage} onPress={() => void list.fetchNextPage()}>{t('act.more')}</Button></div> : null}
      {asked ? <Decide key={`${asked.one.refund.id}${asked.decision}`} asked={asked} onClose={() => setAsked(null)} onDone={setDecided} /> : null}
    </>
  );
}

function useWhose() {
  const t = useT();
  return ({ stall, agency_name: agency }: WaitingRefund): string => (stall ? t('approve.stall', { number: stall.number, name: stall.name, market: stall.market_name }) : agency ?? '');
}

function Row({ one, onAsk }: { one: WaitingRefund; onAsk: (decision: Decision) => void }) {
  const t = useT();
  const whose = useWhose();
  const { refund } = one;
  return (
    <>
      <div className="approve-head"><strong>{money(refund.amount)}</strong><span>{whose(one)}</span></div>
      <dl className="facts">
        <div><dt>{t('approve.since')}</dt><dd>{dateTime(refund.created_at)}</dd></div>
        {one.asked_by ? <div><dt>{t('approve.by')}</dt><dd>{one.asked_by}</dd></div> : null}
        <div><dt>{t('approve.why')}</dt><dd>{t(`approve.reason.${reason(refund.reason.code)}`)}{refund.reason.text ? `: ${refund.reason.text}` : ''}</dd></div>
        {one.received ? <div><dt>{t('approve.of')}</dt><dd>{money(one.received)}{one.reference ? <> · <span className="code">{one.reference}</span></> : null}</dd></div> : null}
      </dl>
      {refund.acts.includes('approval') ? (
        <div className="approve-acts">
          <Button look="primary" icon="check" onPress={() => onAsk('approval')}>{t('approve.approval')}</Button>
          <Button onPress={() => onAsk('rejection')}>{t('approve.rejection')}</Button>
        </div>
      ) : <p className="approve-own">{t('approve.own')}</p>}
    </>
  );
}

const reasons = ['returned_goods', 'overpaid', 'paid_twice', 'wrong_payment', 'wrong_fee', 'not_accepted', 'not_eligible', 'other'] as const;
// The server may learn new words before this page does.
const reason = (code: string) => reasons.find((one) => one === code) ?? 'other';

function Decide({ asked: { one, decision }, onClose, onDone }: { asked: Asked; onClose: () => void; onDone: (decided: Decided) => void }) {
  const t = useT();
  const whose = useWhose();
  const client = useQueryClient();
  const { refund } = one;
  const [words, setWords] = useState('');
  // One key for one intention: other words are another intention.
  const [kept, setKept] = useState({ words, key: newKey() });
  if (kept.words !== words) setKept({ words, key: newKey() });
  const amount = money(refund.amount);
  const readAgain = () => void client.invalidateQueries({ queryKey: ['waiting-refunds'] });
  const act = useMutation({
    mutationFn: () => {
      const params = { path: { refund: refund.id }, header: { 'Idempotency-Key': kept.key } };
      return decision === 'approval' ? ask(api.POST('/v1/refunds/{refund}/approval', { params })) : ask(api.POST('/v1/refunds/{refund}/rejection', { params, body: { reason: words.trim() } }));
    },
    onSuccess: () => { readAgain(); onDone({ decision, amount, whose: whose(one) }); onClose(); },
    // Somebody else may have decided: what is listed next is what there is.
    onError: readAgain,
  });
  const [tried, setTried] = useState(false);
  const lacks = decision === 'rejection' && words.trim() === '';
  return (
    <Confirm
      title={t(`approve.${decision}_title`, { amount })}
      text={
        <>
          <p className="sheet-text">{t(`approve.${decision}_text`, { whose: whose(one) })}</p>
          {decision === 'rejection' ? <TextField label={t('approve.words')} value={words} onChange={setWords} maxLength={140} error={tried && lacks ? t('approve.words_missing') : undefined} /> : null}
        </>
      }
      act={t(`approve.${decision}`)} danger={decision === 'rejection'} isOpen onClose={onClose}
      pending={act.isPending} error={act.error} onConfirm={() => { setTried(true); if (!lacks) act.mutate(); }}
    />
  );
}
