import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useMemo } from 'react';
import { api, ask, newKey, type User } from '@cho40/shared/api/client';
import { Button, ButtonLink, Link } from '@cho40/shared/components/controls';
import { Badge, Empty, ErrorBox, Notice, Waiting } from '@cho40/shared/components/feedback';
import { Icon } from '@cho40/shared/components/icons';
import { addDays, dateTime, day, money, plainNumber, today } from '@cho40/shared/format';
import { useT } from '@cho40/shared/messages';
import { useRouter, useTitle } from '@cho40/shared/router';
import { useReconDay, usePartnerDay, type PartnerDay } from '../data';
import { Changes } from '../parts/changes';
import { closingLook, dayLook } from '../parts/recon-look';

export function ReconDayPage({ date, user }: { date: string; user: User }) {
  const t = useT();
  const { go } = useRouter();
  const sheet = useReconDay(date);
  const next = addDays(date, 1);
  useTitle(t('recon.title', { day: day(date) }));
  return (
    <>
      <div className="head"><h1>{t('recon.title', { day: day(date) })}</h1><ButtonLink icon="document" href={`/recon/reports?month=${date.slice(0, 7)}`}>{t('reports.title')}</ButtonLink></div>
      <div className="day-choice no-print">
        <Link className="button button-plain" href={`/recon/${addDays(date, -1)}`}><Icon name="back" size={20} /><span>{t('recon.before')}</span></Link>
        {next <= today() ? <Link className="button button-plain" href={`/recon/${next}`}><span>{t('recon.after')}</span><Icon name="forward" size={20} /></Link> : null}
        <label className="period"><span>{t('recon.day')}</span><input className="input" type="date" value={date} max={today()} onChange={(event) => { if (event.target.value) go(`/recon/${event.target.value}`); }} /></label>
      </div>
      {!sheet.data ? <Waiting query={sheet} shape="card" label={t('loading.recon')} /> : sheet.data.partners.length === 0 ? (
        <Empty icon="document" title={t('recon.none')}>{t('recon.none_text')}</Empty>
      ) : (
        <ul className="partner-days">{sheet.data.partners.map((partner) => <li key={partner.partner}><Partner date={date} partner={partner} user={user} /></li>)}</ul>
      )}
    </>
  );
}

function Partner({ date, partner, user }: { date: string; partner: PartnerDay; user: User }) {
  const t = useT();
  const look = dayLook(partner.state);
  const newest = partner.closings.at(-1);
  const count = partner.breaks.reduce((sum, one) => sum + one.count, 0);
  const holds = partner.equations.every((one) => one.holds);
  return (
    <section className="card partner-day" aria-labelledby={partner.partner}>
      <div className="partner-head"><h2 id={partner.partner}>{partner.name}</h2><Badge tone={look.tone} icon={look.icon}>{t(look.word)}</Badge></div>
      {partner.run ? (
        <dl className="facts">
          {partner.ledger ? <div><dt>{t('figure.ledger')}</dt><dd>{t('recon.count_sum', { count: plainNumber(partner.ledger.count), sum: money(partner.ledger.sum) })}</dd></div> : null}
          <div><dt>{t('figure.matched')}</dt><dd>{t('recon.count_sum', { count: plainNumber(partner.matched.count), sum: money(partner.matched.sum) })}</dd></div>
          <div><dt>{t('figure.waiting')}</dt><dd>{t('recon.count_sum', { count: plainNumber(partner.waiting.count), sum: money(partner.waiting.sum) })}</dd></div>
          <div><dt>{t('recon.breaks')}</dt><dd>{plainNumber(count)}</dd></div>
          <div><dt>{t('recon.equations')}</dt><dd>{holds ? t('recon.hold') : t('recon.fail')}</dd></div>
        </dl>
      ) : <p className="quiet">{t('recon.not_run')}</p>}
      {partner.state === 'closed' ? <SinceSigned date={date} partner={partner.partner} /> : null}
      {newest && partner.state !== 'open' ? (
        <ButtonLink look={partner.state === 'closing' ? 'primary' : 'plain'} icon="document" href={`/recon/sheets/${newest.id}`}>{partner.state === 'closing' ? t('recon.look_and_sign') : t('recon.sheet', { number: String(newest.number) })}</ButtonLink>
      ) : null}
      {user.roles.includes('operator') ? <Acts date={date} partner={partner} /> : null}
      {partner.closings.length > 1 ? (
        <details className="more-figures">
          <summary>{t('recon.versions')}</summary>
          <ul className="receipts">{partner.closings.map((one) => <li key={one.id}><Link href={`/recon/sheets/${one.id}`}>{t('recon.sheet', { number: String(one.number) })}</Link><span>{t(closingLook(one.state.name).word)} · {dateTime(one.updated_at)}</span></li>)}</ul>
        </details>
      ) : null}
    </section>
  );
}

// What is different now from what was signed; nothing to say while nothing is.
function SinceSigned({ date, partner }: { date: string; partner: string }) {
  const t = useT();
  const whole = usePartnerDay(date, partner);
  const changes = whole.data?.partners[0]?.changes;
  if (whole.error) return <ErrorBox error={whole.error} retry={() => void whole.refetch()} />;
  if (!changes?.length) return null;
  return <Notice tone="warn" icon="alert" title={t('recon.changed')}><Changes changes={changes} /></Notice>;
}

function Acts({ date, partner }: { date: string; partner: PartnerDay }) {
  const t = useT();
  const { go } = useRouter();
  const client = useQueryClient();
  // A new try after an answer is another intention; without an answer the same key makes it safe.
  const keys = useMemo(() => ({ run: newKey(), prepare: newKey() }), [partner]);
  const refresh = () => void client.invalidateQueries({ queryKey: ['recon-day', date] });
  const run = useMutation({ mutationFn: () => ask(api.POST('/v1/recon/runs', { params: { header: { 'Idempotency-Key': keys.run } }, body: { date, partner: partner.partner } })), onSuccess: refresh });
  const prepare = useMutation({
    mutationFn: () => ask(api.POST('/v1/recon/days/{date}/closings', { params: { path: { date }, header: { 'Idempotency-Key': keys.prepare } }, body: { partner: partner.partner } })),
    onSuccess: (made) => { client.setQueryData(['recon-sheet', made.id], made); refresh(); go(`/recon/sheets/${made.id}`); },
    onError: refresh,
  });
  return (
    <div className="act no-print">
      {run.error ? <ErrorBox act error={run.error} /> : null}
      {prepare.error ? <ErrorBox act error={prepare.error} /> : null}
      <div className="hand-acts">
        <Button icon="refresh" isPending={run.isPending} onPress={() => { prepare.reset(); run.mutate(); }}>{partner.run ? t('recon.run_again') : t('recon.run')}</Button>
        {partner.run && partner.state !== 'closing' && date < today() ? <Button {...(partner.state === 'open' ? { look: 'primary' as const } : {})} icon="note" isPending={prepare.isPending} onPress={() => { run.reset(); prepare.mutate(); }}>{partner.state === 'open' ? t('recon.prepare') : t('recon.prepare_next')}</Button> : null}
      </div>
    </div>
  );
}
