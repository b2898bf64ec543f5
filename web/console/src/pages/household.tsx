import { Link } from '@cho40/shared/components/controls';
import { Badge, Empty, Waiting } from '@cho40/shared/components/feedback';
import { Icon, type IconName } from '@cho40/shared/components/icons';
import type { Schemas } from '@cho40/shared/api/client';
import { useMe } from '@cho40/shared/api/session';
import { dateTime, day, dayOf, money, signedMoney } from '@cho40/shared/format';
import { useT } from '@cho40/shared/messages';
import { useRouter, useTitle } from '@cho40/shared/router';
import { useHousehold } from '../data';
import { useShortcuts } from '../parts/shortcuts';
import { tierLook } from '../parts/tax-look';

type Detail = Schemas['tax_household_detail'];
type Step = Schemas['household_step'];

export function HouseholdPage({ id }: { id: string }) {
  const t = useT();
  const { go } = useRouter();
  const detail = useHousehold(id);
  useTitle(detail.data?.household.name ?? t('t4.title'));
  useShortcuts({ Escape: () => go('/tax') });
  return (
    <>
      <nav className="crumbs" aria-label={t('nav.crumbs')}><Link href="/tax">{t('t2.title')}</Link><Icon name="forward" size={16} /><span>{t('t4.title')}</span></nav>
      {detail.data ? <Story detail={detail.data} /> : <><h1>{t('t4.title')}</h1><Waiting query={detail} shape="panel" label={t('loading.households')} /></>}
    </>
  );
}

const icons: Partial<Record<Step['what'], IconName>> = {
  turnover_month: 'cash', threshold_passed: 'alert', return_drafted: 'note', return_signed: 'document', return_sent: 'send', notice_843: 'arrowDown', notice_844: 'check', return_accepted: 'check', return_refused: 'cross', tax_paid: 'bank', bank_credit: 'bank', viewed: 'person',
};

function Story({ detail }: { detail: Detail }) {
  const t = useT();
  const { household } = detail;
  const mayPrint = useMe().data?.roles.includes('operator') ?? false;  // tax officers see turnover, not how a stall is paid
  // The year on the market's calendar: an evening in London is the next morning here.
  const yearOf = (step: Step) => (step.on ?? dayOf(step.at)).slice(0, 4);
  const years = [...new Set(detail.timeline.map(yearOf))];
  return (
    <>
      <div className="head"><div>
        <h1>{household.name}</h1>
        <p className="head-more">{household.owner_name} · {t('fact.tax_code')} <span className="code">{household.tax_code}</span> · {household.ward} · {household.tax_office}</p>
      </div></div>
      <div className="pair-page">
        <div className="pair-main">
          <section className="card" aria-labelledby="positions">
            <h2 id="positions">{t('t4.positions')}</h2>
            <ul className="positions">
              {detail.positions.map((position) => {
                const look = tierLook(position.tier);
                return (
                  <li key={position.period}>
                    <Link href={`/tax/households/${household.id}/${position.period}`} className="position">
                      <strong>{t('quarter', { quarter: position.period.slice(6), year: position.period.slice(0, 4) })}</strong>
                      <Badge tone={look.tone} icon={look.icon}>{t(look.word)}</Badge>
                      <span className="position-sum">{money(position.ledger_turnover)}</span>
                      <span className="position-off">{position.difference && position.difference.amount !== 0 ? signedMoney(position.difference) : ''}</span>
                    </Link>
                  </li>
                );
              })}
            </ul>
          </section>
          <section className="card" aria-labelledby="story">
            <h2 id="story">{t('t4.timeline')}</h2>
            {detail.timeline.length === 0 ? <Empty icon="clock" title={t('t4.empty')}>{t('t4.empty_text')}</Empty> : null}
            {years.map((year) => (
              <div key={year}>
                <h3 className="year">{year}</h3>
                <ol className="story-line">
                  {detail.timeline.filter((step) => yearOf(step) === year).map((step, index) => (
                    <li key={`${step.at}${index}`} className={`step step-${step.what}`}>
                      <span className="step-icon"><Icon name={icons[step.what] ?? 'clock'} size={18} /></span>
                      <time dateTime={step.on ?? step.at}>{step.on ? day(step.on) : dateTime(step.at)}</time>
                      <span>{step.text}</span>
                      <span className="step-amount">{step.amount ? money(step.amount) : ''}</span>
                    </li>
                  ))}
                </ol>
              </div>
            ))}
          </section>
        </div>
        <div className="pair-side">
          <section className="card" aria-labelledby="who">
            <h2 id="who">{t('t4.about')}</h2>
            <dl className="facts">
              <div><dt>{t('t4.activities')}</dt><dd>{household.activities.map((one) => `(${one.code}) ${one.name}`).join('; ')}</dd></div>
              <div><dt>{t('t4.stalls')}</dt><dd>{household.stalls.length ? <ul className="stalls">{household.stalls.map((one) => <li key={one.id}>{one.market_name}: {one.number} {one.name}{mayPrint ? <> · <a href={`/v1/stalls/${one.id}/sign.pdf`} target="_blank" rel="noreferrer">{t('t4.sign', { number: one.number })}</a></> : null}</li>)}</ul> : '–'}</dd></div>
            </dl>
          </section>
          <section className="card" aria-labelledby="viewers">
            <h2 id="viewers">{t('t4.viewers')}</h2>
            <p className="quiet">{t('t4.viewers_text')}</p>
            <ul className="viewers">{detail.viewers.map((viewer, index) => <li key={`${viewer.at}${index}`}><time dateTime={viewer.at}>{dateTime(viewer.at)}</time> {viewer.name} <small>{t(`role.${viewer.role}` as 'role.vendor')}</small></li>)}</ul>
          </section>
        </div>
      </div>
    </>
  );
}
