import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useMemo, useState, type ReactNode } from 'react';
import { api, ask, newKey, type User } from '@cho40/shared/api/client';
import { Button, Link, TextField } from '@cho40/shared/components/controls';
import { Confirm } from '@cho40/shared/components/dialog';
import { Badge, Notice, Waiting } from '@cho40/shared/components/feedback';
import { Icon } from '@cho40/shared/components/icons';
import { dateTime, day, money, plainNumber, signedMoney } from '@cho40/shared/format';
import { useT, type PlainKey } from '@cho40/shared/messages';
import { useTitle } from '@cho40/shared/router';
import { useReconSheet, type ReconSheet } from '../data';
import { Changes } from '../parts/changes';
import { className, closingLook } from '../parts/recon-look';

export function ReconSheetPage({ id, user }: { id: string; user: User }) {
  const t = useT();
  const sheet = useReconSheet(id);
  const title = sheet.data ? t('sheet.title', { day: day(sheet.data.date) }) : t('sheet.one');
  useTitle(title);
  return (
    <>
      <nav className="crumbs no-print" aria-label={t('nav.crumbs')}><Link href={sheet.data ? `/recon/${sheet.data.date}` : '/recon'}>{t('nav.recon')}</Link><Icon name="forward" size={16} /><span>{title}</span></nav>
      {sheet.data ? <Sheet sheet={sheet.data} user={user} /> : <><h1>{title}</h1><Waiting query={sheet} shape="panel" label={t('loading.recon')} /></>}
    </>
  );
}

function Sheet({ sheet, user }: { sheet: ReconSheet; user: User }) {
  const t = useT();
  const look = closingLook(sheet.state.name);
  return (
    <>
      <div className="head">
        <div><h1>{t('sheet.title', { day: day(sheet.date) })}</h1><p className="head-more">{sheet.partner_name} · {t('recon.sheet', { number: String(sheet.number) })}</p></div>
        <span role="status"><Badge tone={look.tone} icon={look.icon}>{t(look.word)}</Badge></span>
      </div>
      <div className="pair-page">
        <div className="pair-main">
          {sheet.state.reason ? <Notice tone="bad" icon="cross" title={t('sheet.rejected')}>{sheet.state.reason.text}</Notice> : null}
          {sheet.continues_sha256 ? <Block id="adjustments" title={t('sheet.adjustments')}><Changes changes={sheet.adjustments} /></Block> : null}
          <Figures sheet={sheet} />
          <Block id="classes" title={t('sheet.classes')}>
            {sheet.classes.length ? (
              <ul className="sheet-rows">{sheet.classes.map((one) => (
                <li key={one.class}><strong>{t(className(one.class))}</strong><span>{t('sheet.class_count', { count: plainNumber(one.count), open: plainNumber(one.open) })}</span><span className="sheet-sum">{signedMoney(one.delta)}</span></li>
              ))}</ul>
            ) : <p className="quiet">{t('sheet.no_breaks')}</p>}
          </Block>
          <Block id="files" title={t('sheet.files')}>
            {sheet.files.length ? (
              <ul className="sheet-rows">{sheet.files.map((file) => (
                <li key={file.id}>
                  <strong>{file.side === 'bank' ? t('sheet.bank') : t('sheet.provider')} · {day(file.date)}</strong>
                  <span>{t('sheet.lines', { count: file.lines })}</span><span className="sheet-sum">{money(file.sum)}</span>
                  <span className="hash">{user.roles.includes('operator') ? <a href={file.content} download>{file.id}</a> : file.id} · SHA-256 {file.sha256}</span>
                </li>
              ))}</ul>
            ) : <p className="quiet">{t('sheet.no_files')}</p>}
          </Block>
        </div>
        <div className="pair-side">
          <Block id="acts" title={t('sheet.two_people')}>
            <dl className="facts">
              <div><dt>{t('sheet.prepared_by')}</dt><dd>{sheet.prepared_by.name ?? sheet.prepared_by.id}<br /><time dateTime={sheet.created_at}>{dateTime(sheet.created_at)}</time></dd></div>
              {sheet.decided_by ? <div><dt>{sheet.state.name === 'signed' ? t('sheet.signed_by') : t('sheet.rejected_by')}</dt><dd>{sheet.decided_by.name ?? sheet.decided_by.id}<br /><time dateTime={sheet.updated_at}>{dateTime(sheet.updated_at)}</time></dd></div> : null}
              <div><dt>SHA-256</dt><dd className="hash">{sheet.sha256}</dd></div>
              {sheet.signature ? <div><dt>{t('sheet.key')}</dt><dd className="hash">{sheet.signature.key_id}</dd></div> : null}
            </dl>
            {sheet.state.name === 'prepared' ? sheet.prepared_by.id === user.id ? <Notice tone="still" icon="clock" title={t('sheet.other_person')} /> : <Decide sheet={sheet} /> : null}
          </Block>
          <div className="hand-acts no-print">
            <a className="button button-plain" href={sheet.links.pdf} download><span>PDF</span></a>
            <a className="button button-plain" href={sheet.links.csv} download><span>CSV</span></a>
            <Button icon="print" onPress={() => window.print()}>{t('act.print')}</Button>
          </div>
        </div>
      </div>
    </>
  );
}

const Block = ({ id, title, children }: { id: string; title: string; children: ReactNode }) => <section className="card" aria-labelledby={id}><h2 id={id}>{title}</h2>{children}</section>;

function Figures({ sheet }: { sheet: ReconSheet }) {
  const t = useT();
  const rows = (['ledger', 'provider', 'bank', 'matched', 'waiting'] as const).map((name) => ({ name, word: `figure.${name}` as PlainKey, ...sheet.figures[name] }));
  return (
    <Block id="figures" title={t('sheet.figures')}>
      <ul className="sheet-rows">
        {rows.map((row) => <li key={row.name}><strong>{t(row.word)}</strong><span>{plainNumber(row.count)}</span><span className="sheet-sum">{money(row.sum)}</span></li>)}
      </ul>
      <p className="pair-foot">{sheet.equations.every((one) => one.holds) ? t('recon.hold_all') : t('recon.fail')}</p>
    </Block>
  );
}

function Decide({ sheet }: { sheet: ReconSheet }) {
  const t = useT();
  const client = useQueryClient();
  const keys = useMemo(() => ({ sign: newKey(), reject: newKey() }), [sheet]);
  const [asking, setAsking] = useState<'sign' | 'reject' | null>(null);
  const [reason, setReason] = useState('');
  const [tried, setTried] = useState(false);
  const done = (changed: ReconSheet) => {
    client.setQueryData(['recon-sheet', sheet.id], changed);
    void client.invalidateQueries({ queryKey: ['recon-day'] });
    setAsking(null);
  };
  const path = { closing: sheet.id };
  const sign = useMutation({ mutationFn: () => ask(api.POST('/v1/recon/closings/{closing}/signature', { params: { path, header: { 'Idempotency-Key': keys.sign } }, body: { sha256: sheet.sha256 } })), onSuccess: done });
  const reject = useMutation({ mutationFn: () => ask(api.POST('/v1/recon/closings/{closing}/rejection', { params: { path, header: { 'Idempotency-Key': keys.reject } }, body: { reason: reason.trim() } })), onSuccess: done });
  const tooShort = reason.trim().length < 3;
  return (
    <div className="act no-print">
      <Button look="primary" icon="check" wide onPress={() => { sign.reset(); setAsking('sign'); }}>{t('sheet.sign')}</Button>
      <Button icon="cross" wide onPress={() => { reject.reset(); setTried(false); setAsking('reject'); }}>{t('sheet.reject')}</Button>
      <Confirm title={t('sheet.sign_ask', { day: day(sheet.date) })} text={t('sheet.sign_text', { partner: sheet.partner_name })} act={t('sheet.sign')} isOpen={asking === 'sign'} onClose={() => setAsking(null)} pending={sign.isPending} error={sign.error} onConfirm={() => sign.mutate()} />
      <Confirm
        title={t('sheet.reject')} act={t('sheet.reject')} danger isOpen={asking === 'reject'} onClose={() => setAsking(null)} pending={reject.isPending} error={reject.error}
        text={<TextField label={t('sheet.reason')} value={reason} onChange={setReason} maxLength={500} error={tried && tooShort ? t('sheet.reason_missing') : undefined} />}
        onConfirm={() => { setTried(true); if (!tooShort) reject.mutate(); }}
      />
    </div>
  );
}
