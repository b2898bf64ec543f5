import type { User } from '@cho40/shared/api/client';
import { Link } from '@cho40/shared/components/controls';
import { Empty, Waiting } from '@cho40/shared/components/feedback';
import { Icon } from '@cho40/shared/components/icons';
import { addDays, money, plainNumber, today } from '@cho40/shared/format';
import { useT } from '@cho40/shared/messages';
import { useRouter, useTitle } from '@cho40/shared/router';
import { useCollector, useLeague, type LeagueRow } from '../data';

// The months up to today's, newest first: 2026-11, 2026-10, …
function months(count: number): string[] {
  const [year, month] = today().split('-').map(Number) as [number, number];
  return Array.from({ length: count }, (_, back) => { const at = year * 12 + month - 1 - back; return `${Math.floor(at / 12)}-${String((at % 12) + 1).padStart(2, '0')}`; });
}

// The last day of a month, or today while it lasts.
function lastDay(month: string): string {
  let last = addDays(`${month}-01`, 27);
  while (addDays(last, 1).startsWith(month)) last = addDays(last, 1);
  return last < today() ? last : today();
}

export function ReconReportsPage({ user }: { user: User }) {
  const t = useT();
  const { query, go } = useRouter();
  const known = months(13);
  const asked = query.get('month') ?? '';
  const month = known.includes(asked) ? asked : known[0]!;
  useTitle(t('reports.title'));
  return (
    <>
      <nav className="crumbs" aria-label={t('nav.crumbs')}><Link href="/recon">{t('nav.recon')}</Link><Icon name="forward" size={16} /><span>{t('reports.title')}</span></nav>
      <div className="head">
        <h1>{t('reports.title')}</h1>
        <label className="period"><span>{t('reports.month')}</span><select className="select" value={month} onChange={(event) => go(`/recon/reports?month=${event.target.value}`, { replace: true })}>{known.map((one) => <option key={one} value={one}>{one.slice(5)}/{one.slice(0, 4)}</option>)}</select></label>
      </div>
      <div className="partner-days">
        {user.agencies.map((agency) => <Collector key={agency.id} agency={agency} month={month} />)}
        <League month={month} />
      </div>
    </>
  );
}

// The same report to take away; the server says the file's name.
function Files({ path, what }: { path: string; what: string }) {
  const t = useT();
  const address = (format: string) => `${path}${path.includes('?') ? '&' : '?'}format=${format}`;
  return (
    <div className="hand-acts">
      {['pdf', 'csv'].map((format) => <a key={format} className="button button-plain" href={address(format)} download aria-label={t('reports.file', { what, format: format.toUpperCase() })}><span>{format.toUpperCase()}</span></a>)}
    </div>
  );
}

function Collector({ agency, month }: { agency: User['agencies'][number]; month: string }) {
  const t = useT();
  const [from, to] = [`${month}-01`, lastDay(month)];
  const statement = useCollector(agency.id, from, to);
  const view = statement.data;
  return (
    <section className="card partner-day" aria-labelledby={agency.id}>
      <h2 id={agency.id}>{t('reports.collector', { agency: agency.name })}</h2>
      {!view ? <Waiting query={statement} shape="lines" label={t('loading.reports')} /> : (
        <>
          <dl className="facts">
            <div><dt>{t('reports.collected')}</dt><dd>{t('recon.count_sum', { count: plainNumber(view.count), sum: money(view.sum) })}</dd></div>
            <div><dt>{t('reports.given_back')}</dt><dd>{money(view.given_back)}</dd></div>
            <div><dt>{t('reports.kept')}</dt><dd>{money(view.kept)}</dd></div>
            <div><dt>{t('reports.to_budget')}</dt><dd>{money(view.to_budget)}</dd></div>
            {view.undecided.amount ? <div><dt>{t('reports.undecided')}</dt><dd>{money(view.undecided)}</dd></div> : null}
          </dl>
          <p className="hash">SHA-256 {view.sha256}</p>
          <Files path={`/v1/collector-statements/${agency.id}?from=${from}&to=${to}`} what={agency.name} />
        </>
      )}
    </section>
  );
}

function League({ month }: { month: string }) {
  const t = useT();
  const [from, to] = [`${month}-01`, lastDay(month)];
  const league = useLeague(from, to);
  return (
    <section className="card partner-day" aria-labelledby="league">
      <h2 id="league">{t('reports.league')}</h2>
      {!league.data ? <Waiting query={league} shape="lines" label={t('loading.reports')} /> : league.data.partners.length === 0 ? (
        <Empty icon="document" title={t('reports.none')}>{t('reports.none_text')}</Empty>
      ) : (
        <>
          <p className="quiet">{t('reports.league_text')}</p>
          <ol className="league">{league.data.partners.map((row) => <li key={row.partner}><Row row={row} month={month} /></li>)}</ol>
          <p className="hash">SHA-256 {league.data.sha256}</p>
          <Files path={`/v1/recon/provider-league?from=${from}&to=${to}`} what={t('reports.league')} />
        </>
      )}
    </section>
  );
}

function Row({ row, month }: { row: LeagueRow; month: string }) {
  const t = useT();
  const facts: [string, string][] = [
    [t('reports.files'), t('reports.files_text', { files: plainNumber(row.files), late: plainNumber(row.late_files), corrected: plainNumber(row.corrected_files), held: plainNumber(row.held_files) })],
    [t('recon.breaks'), t('sheet.class_count', { count: plainNumber(row.count), open: plainNumber(row.open) })],
    [t('reports.age'), t('reports.days', { days: row.mean_age_days.replace('.', t('reports.point')) })],
    [t('reports.at_stake'), money(row.sum)],
  ];
  return (
    <>
      <h3><span className="league-place">{row.place}</span> {row.name}</h3>
      <dl className="facts">{facts.map(([name, value]) => <div key={name}><dt>{name}</dt><dd>{value}</dd></div>)}</dl>
      <div className="league-minutes"><span>{t('reports.minutes')}</span><Files path={`/v1/recon/minutes/${month}?partner=${row.partner}`} what={t('reports.minutes_of', { partner: row.name })} /></div>
    </>
  );
}
