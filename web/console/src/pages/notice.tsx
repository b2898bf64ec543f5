import { useState } from 'react';
import { Button, Link } from '@cho40/shared/components/controls';
import { Badge, Waiting } from '@cho40/shared/components/feedback';
import { Icon } from '@cho40/shared/components/icons';
import { clockSeconds, dateTime, day, money } from '@cho40/shared/format';
import { useT } from '@cho40/shared/messages';
import { useTitle } from '@cho40/shared/router';
import { useNotice, type Notice } from '../data';
import { noticeLook } from '../parts/notice-look';
import { NoticeRefunds } from '../parts/notice-refunds';
import { FeeTable } from '../parts/preview';

export function NoticePage({ id }: { id: string }) {
  const t = useT();
  const notice = useNotice(id);
  useTitle(notice.data ? notice.data.dossier.code : t('notice.title'));
  return (
    <>
      <nav className="crumbs" aria-label={t('nav.crumbs')}><Link href="/fees">{t('fees.title')}</Link><Icon name="forward" size={16} /><span>{t('notice.title')}</span></nav>
      {notice.data ? <Told notice={notice.data} /> : <><h1>{t('notice.title')}</h1><Waiting query={notice} shape="panel" label={t('loading.notices')} /></>}
    </>
  );
}

function Told({ notice }: { notice: Notice }) {
  const t = useT();
  const look = noticeLook(notice);
  const link = new URL(notice.pay_url, location.origin).href;
  const [copied, setCopied] = useState(false);
  const copy = () => { void navigator.clipboard?.writeText(link).then(() => setCopied(true), () => undefined); };
  return (
    <>
      <div className="head">
        <div><h1>{notice.dossier.applicant_name}</h1><p className="head-more">{notice.dossier.code} · {notice.dossier.procedure_name}</p></div>
        <span role="status"><Badge tone={look.tone} icon={look.icon}>{t(look.word)}</Badge></span>
      </div>
      <div className="pair-page">
        <div className="pair-main">
          <section className="card hand-over" aria-labelledby="hand">
            <h2 id="hand">{t('notice.hand')}</h2>
            <p className="hand-code" data-testid="pay-code">{notice.code.replace(/(.{4})(?=.)/g, '$1 ')}</p>
            <p><a href={notice.pay_url} className="hand-link">{link}</a></p>
            <div className="hand-acts no-print"><Button icon="link" onPress={copy}>{copied ? t('act.copied') : t('act.copy')}</Button><Button icon="print" onPress={() => window.print()}>{t('act.print')}</Button></div>
          </section>
          <section className="card" aria-labelledby="what">
            <h2 id="what">{t('notice.lines')}</h2>
            <p className="preview-total">{money(notice.total)}</p>
            <FeeTable lines={notice.lines} />
          </section>
        </div>
        <div className="pair-side">
          <section className="card" aria-labelledby="ticks">
            <h2 id="ticks">{t('notice.ticks')}</h2>
            <ul className="ticks">
              <Tick done={notice.received_at} text={t('notice.received')} waiting={t('notice.not_received')} />
              <Tick done={notice.written_at} text={t('notice.written')} waiting={t('notice.not_written')} />
            </ul>
            <dl className="facts">
              <div><dt>{t('fact.due')}</dt><dd>{day(notice.due_date)}</dd></div>
              <div><dt>{t('fact.created')}</dt><dd>{dateTime(notice.created_at)}</dd></div>
              <div><dt>{t('new.channel')}</dt><dd>{t(`channel.${notice.channel}`)}</dd></div>
            </dl>
          </section>
          {notice.receipts.length ? (
            <section className="card" aria-labelledby="receipts">
              <h2 id="receipts">{t('notice.receipts')}</h2>
              <ul className="receipts">{notice.receipts.map((receipt) => <li key={receipt.id}><a href={`/receipt/${receipt.code}`}>{receipt.form} {receipt.series} {t('notice.number', { number: receipt.number })}</a><span>{receipt.kind === 'phi' ? t('fee.phi') : t('fee.le_phi')} · {money(receipt.amount)}{receipt.refunded.amount ? ` · ${t('notice_refund.refunded', { amount: money(receipt.refunded) })}` : ''}</span></li>)}</ul>
            </section>
          ) : null}
          <NoticeRefunds notice={notice} />
        </div>
      </div>
    </>
  );
}

function Tick({ done, text, waiting }: { done: string | null; text: string; waiting: string }) {
  return <li className={done ? 'tick tick-done' : 'tick'}><Icon name={done ? 'check' : 'clock'} /><span>{done ? text : waiting}</span>{done ? <time dateTime={done}>{clockSeconds(done)}</time> : null}</li>;
}
