import { useEffect, useState, type ReactNode } from 'react';
import { ApiError, OfflineError } from '../api/client';
import { useT } from '../messages';
import { Button } from './controls';
import { Icon, type IconName } from './icons';

export type Tone = 'ok' | 'warn' | 'bad' | 'ask' | 'still';

// Meaning three times: colour, icon, word.
export function Badge({ tone, icon, children }: { tone: Tone; icon: IconName; children: ReactNode }) {
  return <span className={`badge tone-${tone}`}><Icon name={icon} size={18} /><span>{children}</span></span>;
}

export function Notice({ tone, icon, title, children, live }: { tone: Tone; icon: IconName; title?: ReactNode; children?: ReactNode; live?: boolean }) {
  return (
    <div className={`notice tone-${tone}`} {...(live ? { role: 'status' } : {})}>
      <Icon name={icon} />
      <div>
        {title ? <p className="notice-title">{title}</p> : null}
        {children ? <div className="notice-body">{children}</div> : null}
      </div>
    </div>
  );
}

// An error in the server's words, with what to do next and the number to tell the help desk. `act`: it was something
// being done, not read, so the first sentence says what became of it. A refusal wrote nothing; without an answer, or when
// the service itself failed, nobody knows, and the same key makes a second try safe.
export function ErrorBox({ error, retry, act }: { error: unknown; retry?: (() => void) | undefined; act?: boolean }) {
  const t = useT();
  const problem = error instanceof ApiError ? error.problem : null;
  const offline = error instanceof OfflineError;
  const title = problem ? problem.title : offline ? t('error.offline') : t('error.unknown');
  const detail = problem ? problem.detail : act ? undefined : offline ? t('error.offline_detail') : t('error.unknown_detail');
  const again = retry && (!problem || problem.retry.advice !== 'do_not_retry' || problem.status >= 500);
  return (
    <div className="notice tone-bad">
      <Icon name={offline ? 'offline' : 'alert'} />
      <div>
        <div role="alert">
          {act ? <p className="notice-title">{problem && problem.status < 500 ? t('error.nothing_done') : t('error.maybe_done')}</p> : null}
          <p className={act ? 'notice-body' : 'notice-title'}>{title}</p>
          {detail && detail !== title ? <p className="notice-body">{detail}</p> : null}
        </div>
        {problem?.errors?.length ? <ul className="notice-list">{problem.errors.map((item) => <li key={item.pointer + item.code}>{item.detail}</li>)}</ul> : null}
        {problem ? <p className="notice-small">{t('error.request', { id: problem.request_id })}</p> : null}
        {again ? <Button look="plain" icon="refresh" onPress={retry}>{t('error.retry')}</Button> : null}
      </div>
    </div>
  );
}

export function Empty({ icon, title, children, action }: { icon: IconName; title: ReactNode; children?: ReactNode; action?: ReactNode }) {
  return (
    <div className="empty">
      <span className="empty-icon"><Icon name={icon} size={32} /></span>
      <p className="empty-title">{title}</p>
      {children ? <p className="empty-text">{children}</p> : null}
      {action}
    </div>
  );
}

// The shape of what will come; after ten seconds it says what it waits for.
export function Loading({ shape, label }: { shape: 'lines' | 'card' | 'table' | 'panel'; label: string }) {
  const t = useT();
  const [slow, setSlow] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setSlow(true), 10_000);
    return () => clearTimeout(timer);
  }, []);
  const count = shape === 'table' ? 8 : shape === 'lines' ? 5 : 1;
  return (
    <div className="loading" aria-busy="true">
      <p className="visually-hidden" role="status">{slow ? t('loading.slow', { what: label }) : t('loading.now', { what: label })}</p>
      {Array.from({ length: count }, (_, index) => <div key={index} className={`bone bone-${shape}`} />)}
      {slow ? <p className="loading-slow" aria-hidden="true">{t('loading.slow', { what: label })}</p> : null}
    </div>
  );
}

// What a page shows while its first answer is on the way, or when it failed.
export function Waiting({ query, shape, label }: { query: { isPending: boolean; error: unknown; refetch: () => unknown }; shape: 'lines' | 'card' | 'table' | 'panel'; label: string }) {
  if (query.isPending) return <Loading shape={shape} label={label} />;
  return <ErrorBox error={query.error} retry={() => void query.refetch()} />;
}
