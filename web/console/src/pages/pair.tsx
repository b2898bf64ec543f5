import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api, ask, newKey, type Schemas } from '@cho40/shared/api/client';
import { useMe } from '@cho40/shared/api/session';
import { Button, Link } from '@cho40/shared/components/controls';
import { Confirm } from '@cho40/shared/components/dialog';
import { Badge, Empty, ErrorBox, Loading, Notice, Waiting } from '@cho40/shared/components/feedback';
import { Icon } from '@cho40/shared/components/icons';
import { dateTime, day, money, percent, plainNumber, signedMoney } from '@cho40/shared/format';
import { useT } from '@cho40/shared/messages';
import { useRouter, useTitle } from '@cho40/shared/router';
import { useHousehold, useReturnOf, useTurnover, type TaxReturn } from '../data';
import { useShortcuts } from '../parts/shortcuts';
import { isMoving, returnLook } from '../parts/tax-look';

type Turnover = Schemas['turnover'];

export function PairPage({ id, period }: { id: string; period: string }) {
  const t = useT();
  const { go } = useRouter();
  const household = useHousehold(id);
  const turnover = useTurnover(id, period);
  const filed = useReturnOf(id, period);
  const name = t('quarter', { quarter: period.slice(6), year: period.slice(0, 4) });
  useTitle(household.data ? `${household.data.household.name}, ${name}` : t('t3.title'));
  useShortcuts({ Escape: () => go(`/tax?period=${period}`) });
  return (
    <>
      <nav className="crumbs" aria-label={t('nav.crumbs')}><Link href={`/tax?period=${period}`}>{t('t2.title')}</Link><Icon name="forward" size={16} /><span>{name}</span></nav>
      <div className="head">
        <div>
          <h1>{household.data?.household.name ?? t('t3.title')}</h1>
          {household.data ? <p className="head-more">{t('fact.tax_code')} <span className="code">{household.data.household.tax_code}</span> · {household.data.household.ward}</p> : null}
          {household.data ? <Link className="head-link" href={`/tax/households/${id}`}><Icon name="clock" size={20} />{t('t3.story')}</Link> : null}
        </div>
        {filed.data ? <ReturnBadge filed={filed.data} /> : null}
      </div>
      {turnover.data && filed.data !== undefined ? <Pair household={id} period={period} turnover={turnover.data} filed={filed.data} /> : turnover.error || filed.error
        ? <ErrorBox error={turnover.error ?? filed.error} retry={() => { void turnover.refetch(); void filed.refetch(); }} />
        : <Loading shape="panel" label={t('loading.pair')} />}
      {household.error ? <Waiting query={household} shape="lines" label={t('loading.households')} /> : null}
    </>
  );
}

function ReturnBadge({ filed }: { filed: TaxReturn }) {
  const t = useT();
  const look = returnLook(filed.state.name);
  return <span role="status"><Badge tone={look.tone} icon={look.icon}>{t(look.word)}</Badge></span>;
}

function Pair({ household, period, turnover, filed }: { household: string; period: string; turnover: Turnover; filed: TaxReturn | null }) {
  const t = useT();
  return (
    <div className="pair-page">
      <div className="pair-main">
        <Compare turnover={turnover} filed={filed} />
        {filed ? <Lines filed={filed} /> : null}
      </div>
      <div className="pair-side">
        <Act household={household} period={period} turnover={turnover} filed={filed} />
        {filed ? <Steps filed={filed} /> : null}
        {filed ? <Notices filed={filed} /> : null}
        {filed?.document ? (
          <section className="card" aria-labelledby="document">
            <h2 id="document">{t('t3.document')}</h2>
            <dl className="facts">
              <div><dt>{t('fact.form')}</dt><dd>{filed.form.number} · {filed.form.circular}</dd></div>
              <div><dt>{t('fact.size')}</dt><dd>{t('t3.bytes', { bytes: filed.document.bytes })}</dd></div>
              <div><dt>SHA-256</dt><dd className="code">{filed.document.sha256.slice(0, 16)}…</dd></div>
            </dl>
            <a className="button button-plain button-wide" href={`/v1/tax-returns/${filed.id}/document`} download={`${filed.household.tax_code}-${filed.period}.xml`}><Icon name="document" size={22} /><span>{t('t3.download')}</span></a>
          </section>
        ) : null}
      </div>
    </div>
  );
}

// The column's name beside the value, for the folded form on a phone.
const CellLabel = ({ children }: { children: string }) => <span className="cell-label" aria-hidden="true">{children}</span>;

interface Figure { label: string; ledger: number; declared: number | null }

// The ledger on one side, the return on the other, and between them one sign: equal or not, and by how much.
function Compare({ turnover, filed }: { turnover: Turnover; filed: TaxReturn | null }) {
  const t = useT();
  const declaredFor = (code: string) => filed?.lines.filter((line) => line.activity.code === code).reduce<number | null>((sum, line) => (sum ?? 0) + line.revenue.amount, null) ?? null;
  const figures: Figure[] = [
    { label: t('t3.turnover'), ledger: turnover.total.amount, declared: filed?.figures.revenue.amount ?? null },
    ...turnover.by_activity.map((row) => ({ label: `(${row.activity.code}) ${row.activity.name}`, ledger: row.sum.amount, declared: filed ? declaredFor(row.activity.code) : null })),
    { label: t('t3.before'), ledger: turnover.year_to_date_before.amount, declared: filed?.figures.year_to_date_before.amount ?? null },
  ];
  const passes = turnover.year_to_date.amount > turnover.threshold.amount;
  return (
    <section className="card" aria-labelledby="compare">
      <h2 id="compare">{t('t3.compare')}</h2>
      <table className="pair">
        <thead><tr><th scope="col">{t('t3.what')}</th><th scope="col" className="pair-ledger">{t('t3.ledger')}</th><th scope="col" className="pair-sign"><span className="visually-hidden">{t('t3.sign')}</span></th><th scope="col" className="pair-return">{t('t3.return')}</th></tr></thead>
        <tbody>
          {figures.map((figure, index) => (
            <tr key={figure.label} className={index === 0 ? 'pair-total' : ''}>
              <th scope="row">{figure.label}</th>
              <td className="pair-ledger"><CellLabel>{t('t3.ledger')}</CellLabel>{money(figure.ledger)}</td>
              <td className="pair-sign"><Sign ledger={figure.ledger} declared={figure.declared} /></td>
              <td className="pair-return"><CellLabel>{t('t3.return')}</CellLabel>{figure.declared === null ? '–' : money(figure.declared)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <p className="pair-foot">{passes ? t('t3.passes', { total: money(turnover.year_to_date), threshold: money(turnover.threshold) }) : t('t3.below', { total: money(turnover.year_to_date), threshold: money(turnover.threshold) })}</p>
      <details className="more-figures">
        <summary>{t('t3.sources')}</summary>
        <table className="plain-table">
          <tbody>
            {turnover.by_channel.map((row) => <tr key={row.channel}><th scope="row">{t(row.channel === 'qr' ? 't3.by_qr' : 't3.by_cash')}</th><td className="right">{t('t3.count', { count: plainNumber(row.count) })}</td><td className="right">{money(row.sum)}</td></tr>)}
            {turnover.by_month.map((row) => <tr key={row.month}><th scope="row">{t('t3.month', { month: row.month.slice(5), year: row.month.slice(0, 4) })}</th><td className="right">{t('t3.count', { count: plainNumber(row.count) })}</td><td className="right">{money(row.sum)}</td></tr>)}
            {turnover.by_stall.map((row) => <tr key={row.stall.id}><th scope="row">{t('t3.stall', { number: row.stall.number, name: row.stall.name })}</th><td className="right">{t('t3.count', { count: plainNumber(row.count) })}</td><td className="right">{money(row.sum)}</td></tr>)}
          </tbody>
        </table>
      </details>
    </section>
  );
}

function Sign({ ledger, declared }: { ledger: number; declared: number | null }) {
  const t = useT();
  if (declared === null) return <span className="sign sign-none">{t('t3.not_yet')}</span>;
  if (declared === ledger) return <span className="sign sign-equal"><Icon name="check" size={18} /> {t('t3.equal')}</span>;
  return <span className="sign sign-off"><Icon name="alert" size={18} /> {signedMoney({ amount: declared - ledger })}</span>;
}

function Lines({ filed }: { filed: TaxReturn }) {
  const t = useT();
  const { figures } = filed;
  return (
    <section className="card" aria-labelledby="lines">
      <h2 id="lines">{t('t3.lines')}</h2>
        <table className="figures">
          <thead><tr><th scope="col">{t('t3.revenue')}</th><th scope="col">{t('t3.vat')}</th><th scope="col">{t('t3.deducted')}</th><th scope="col">{t('t3.pit')}</th></tr></thead>
          {filed.lines.map((line) => (
            <tbody key={line.row}>
              <tr><th scope="rowgroup" colSpan={4}>({line.row.replace(/[()]/g, '')}) {line.activity.name} <small>{line.explanation}</small></th></tr>
              <tr>
                <td><CellLabel>{t('t3.revenue')}</CellLabel>{money(line.revenue)}</td>
                <td><CellLabel>{t('t3.vat')}</CellLabel>{money(line.vat)}<small>{percent(line.vat_rate_bp)}</small></td>
                <td><CellLabel>{t('t3.deducted')}</CellLabel>{money(line.deducted)}</td>
                <td><CellLabel>{t('t3.pit')}</CellLabel>{money(line.pit)}<small>{percent(line.pit_rate_bp)}</small></td>
              </tr>
            </tbody>
          ))}
          {/* With one line the sums would say the same again. */}
          {filed.lines.length > 1 ? (
            <tfoot>
              <tr><th scope="rowgroup" colSpan={4}>{t('t3.total')}</th></tr>
              <tr>
                <td><CellLabel>{t('t3.revenue')}</CellLabel>{money(figures.revenue)}</td>
                <td><CellLabel>{t('t3.vat')}</CellLabel>{money(figures.vat)}</td>
                <td><CellLabel>{t('t3.deducted')}</CellLabel>{money(figures.deducted)}</td>
                <td><CellLabel>{t('t3.pit')}</CellLabel>{money(figures.pit)}</td>
              </tr>
            </tfoot>
          ) : null}
        </table>
      <p className="total-due"><span>{t('t3.total_due')}</span><strong>{money(figures.total_due)}</strong></p>
    </section>
  );
}

// One act at a time: draft it, or sign and send it, or wait.
function Act({ household, period, turnover, filed }: { household: string; period: string; turnover: Turnover; filed: TaxReturn | null }) {
  const t = useT();
  const client = useQueryClient();
  const [asking, setAsking] = useState(false);
  const [draftKey] = useState(newKey);
  const [submitKey] = useState(newKey);
  const refresh = (changed: TaxReturn) => {
    client.setQueryData(['return-of', household, period], changed);
    void client.invalidateQueries({ queryKey: ['return-of', household, period] });
    void client.invalidateQueries({ queryKey: ['households'] });
    void client.invalidateQueries({ queryKey: ['household', household] });
  };
  const draft = useMutation({ mutationFn: () => ask(api.POST('/v1/tax-returns', { params: { header: { 'Idempotency-Key': draftKey } }, body: { household, period } })), onSuccess: refresh });
  const submit = useMutation({
    mutationFn: (ret: string) => ask(api.POST('/v1/tax-returns/{ret}/submission', { params: { path: { ret }, header: { 'Idempotency-Key': submitKey } } })),
    onSuccess: (changed) => { refresh(changed); setAsking(false); },
  });
  // Officers read what is filed; they file nothing themselves.
  const files = useMe().data?.roles.includes('operator') ?? false;
  const must = turnover.year_to_date.amount > turnover.threshold.amount;

  if (!filed || filed.state.name === 'superseded') {
    return (
      <section className="card act">
        {must ? <Notice tone="warn" icon="clock" title={t('t3.must')}>{t('t3.must_text')}</Notice> : <Notice tone="still" icon="arrowDown" title={t('t3.need_not')}>{t('t3.need_not_text')}</Notice>}
        {draft.error ? <ErrorBox act error={draft.error} retry={() => draft.mutate()} /> : null}
        {files ? <Button look={must ? 'primary' : 'plain'} wide icon="note" isPending={draft.isPending} onPress={() => draft.mutate()}>{t('t3.draft')}</Button> : null}
      </section>
    );
  }
  if (filed.acts.includes('submission')) {
    return (
      <section className="card act">
        <p className="act-due">{t('t3.total_due')} <strong>{money(filed.figures.total_due)}</strong></p>
        <p>{t('t3.due', { date: day(filed.due_date) })}</p>
        {files ? <Button look="primary" wide icon="send" onPress={() => setAsking(true)}>{t('t3.submit')}</Button> : null}
        <Confirm title={t('t3.submit_title')} isOpen={asking} onClose={() => setAsking(false)} act={t('t3.submit_act', { amount: money(filed.figures.total_due) })} pending={submit.isPending} error={submit.error} onConfirm={() => submit.mutate(filed.id)}
          text={<>{t('t3.submit_text', { household: filed.household.name, form: filed.form.number })}{filed.figures.difference.amount !== 0 ? <Notice tone="bad" icon="alert" title={t('t3.differs', { amount: signedMoney(filed.figures.difference) })} /> : null}</>} />
      </section>
    );
  }
  if (isMoving(filed.state.name)) return <Notice tone="ask" icon="send" title={t('t3.moving')}>{filed.state.name === 'received' ? t('t3.moving_received') : t('t3.moving_sent')}</Notice>;
  if (filed.state.name.startsWith('refused')) return <Notice tone="bad" icon="cross" title={t('t3.refused')}>{filed.state.reason?.text ?? t('t3.refused_text')}</Notice>;
  if (filed.state.name === 'accepted' || filed.state.name === 'settled') return <Notice tone="ok" icon="check" title={t('t3.accepted')}>{t('t3.accepted_text', { amount: money(filed.figures.total_due), date: day(filed.due_date) })}</Notice>;
  return null;
}

function Steps({ filed }: { filed: TaxReturn }) {
  const t = useT();
  return (
    <section className="card" aria-labelledby="steps">
      <h2 id="steps">{t('t3.steps')}</h2>
      <ol className="timeline">
        {filed.states.map((step, index) => <li key={`${step.name}${index}`}><time dateTime={step.since}>{dateTime(step.since)}</time><span>{t(returnLook(step.name).word)}{step.reason ? <small> {step.reason.text}</small> : null}</span></li>)}
      </ol>
      {filed.transaction_code ? <p className="steps-code">{t('t3.transaction')} <span className="code">{filed.transaction_code}</span></p> : null}
    </section>
  );
}

function Notices({ filed }: { filed: TaxReturn }) {
  const t = useT();
  return (
    <section className="card" aria-labelledby="notices">
      <h2 id="notices">{t('t3.notices')}</h2>
      {filed.notices.length === 0 ? <Empty icon="document" title={t('t3.no_notice')}>{t('t3.no_notice_text')}</Empty> : null}
      <ul className="notices">
        {filed.notices.map((notice) => (
          <li key={notice.id} className={`tax-notice ${notice.positive === false ? 'tone-bad' : notice.positive ? 'tone-ok' : 'tone-ask'}`}>
            <p className="tax-notice-head"><span className="tax-notice-code">{notice.code}</span><strong>{notice.title}</strong></p>
            <dl className="facts">
              <div><dt>{t('fact.issued')}</dt><dd>{day(notice.issued_on)}</dd></div>
              {notice.filed_at ? <div><dt>{t('fact.filed')}</dt><dd>{dateTime(notice.filed_at)}</dd></div> : null}
              {notice.transaction_code ? <div><dt>{t('t3.transaction')}</dt><dd className="code">{notice.transaction_code}</dd></div> : null}
              {notice.dues.map((due) => <div key={due.identifier}><dt>{t('fact.due_id', { id: due.identifier })}</dt><dd>{due.amount.amount < 0 ? signedMoney(due.amount) : money(due.amount)}</dd></div>)}
            </dl>
            {notice.reasons.map((reason) => <div key={reason.error} className="tax-notice-reason"><p><strong>{reason.group}:</strong> {reason.error}</p>{reason.advice ? <p>{reason.advice}</p> : null}</div>)}
          </li>
        ))}
      </ul>
    </section>
  );
}

