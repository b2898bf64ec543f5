import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useMemo, useRef, useState, type FormEvent } from 'react';
import { api, ApiError, ask, newKey, type Schemas, type User } from '@cho40/shared/api/client';
import { Button, TextField } from '@cho40/shared/components/controls';
import { ErrorBox, Notice } from '@cho40/shared/components/feedback';
import { addDays, money, today } from '@cho40/shared/format';
import { useT } from '@cho40/shared/messages';
import { useRouter, useTitle } from '@cho40/shared/router';
import { FeeLines, toRequest, type ChosenLine } from '../parts/fee-lines';
import { Preview } from '../parts/preview';

const personas = ['digital_citizen', 'elderly', 'children', 'student', 'poor', 'disabled', 'merit', 'ethnic_special'] as const;

export function NewNoticePage({ user }: { user: User }) {
  const t = useT();
  const { go } = useRouter();
  const client = useQueryClient();
  const [agency, setAgency] = useState(user.agencies[0]?.id ?? '');
  const [code, setCode] = useState('');
  const [applicant, setApplicant] = useState('');
  const [channel, setChannel] = useState<Schemas['channel']>('counter');
  const [persona, setPersona] = useState<string[]>([]);
  const [lines, setLines] = useState<ChosenLine[]>([]);
  const [due, setDue] = useState(() => addDays(today(), 7));
  const [tried, setTried] = useState(false);
  const summary = useRef<HTMLDivElement>(null);
  useTitle(t('new.title'));

  const requests = useMemo(() => lines.map(toRequest), [lines]);
  const procedure = lines[0]?.item.procedure_code ?? '';
  const preview = useQuery({
    queryKey: ['assessment', agency, channel, persona, requests],
    enabled: requests.length > 0,
    placeholderData: (before) => before,
    queryFn: () => ask(api.POST('/v1/fee-assessments', { body: { ...(agency ? { agency } : {}), channel, persona, lines: requests } })),
  });
  const assessed = requests.length ? preview.data : undefined;

  const body: Schemas['fee_notice_create'] = { agency, dossier: { code: code.trim(), procedure_code: procedure, applicant_name: applicant.trim() }, channel, persona, lines: requests, due_date: due };
  const intention = JSON.stringify(body);
  const key = useMemo(newKey, [intention]);
  const create = useMutation({
    mutationFn: () => ask(api.POST('/v1/fee-notices', { params: { header: { 'Idempotency-Key': key } }, body })),
    onSuccess: (notice) => {
      client.setQueryData(['notice', notice.id], notice);
      void client.invalidateQueries({ queryKey: ['notices'] });
      go(`/fees/${notice.id}`);
    },
  });

  const refused = create.error instanceof ApiError ? create.error.problem.errors ?? [] : [];
  const said = (pointer: string) => refused.find((one) => one.pointer === pointer)?.detail;
  const wrong = {
    code: tried && !code.trim() ? t('new.code_missing') : said('/dossier/code'),
    applicant: tried && !applicant.trim() ? t('new.applicant_missing') : said('/dossier/applicant_name'),
    lines: tried && !lines.length ? t('new.lines_missing') : said('/lines'),
    due: tried && !due ? t('new.due_missing') : said('/due_date'),
  };
  const blocked = !code.trim() || !applicant.trim() || !lines.length || !due;
  useEffect(() => { if (create.error) summary.current?.focus(); }, [create.error]);

  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (blocked) requestAnimationFrame(() => summary.current?.focus());
    else if (!create.isPending) create.mutate();
  };
  const anchors: Record<keyof typeof wrong, string> = { code: 'dossier-code', applicant: 'applicant', lines: 'fee-lines', due: 'due-date' };

  return (
    <form className="new-notice" onSubmit={submit} noValidate>
      <div className="head"><h1>{t('new.title')}</h1></div>
      <div ref={summary} tabIndex={-1} className="summary">
        {tried && blocked ? (
          <Notice tone="bad" icon="alert" title={<span role="alert">{t('signin.check')}</span>}>
            <ul className="notice-list">{(Object.keys(wrong) as (keyof typeof wrong)[]).filter((name) => wrong[name]).map((name) => <li key={name}><a href={`#${anchors[name]}`}>{wrong[name]}</a></li>)}</ul>
          </Notice>
        ) : create.error ? <ErrorBox act error={create.error} retry={() => create.mutate()} /> : null}
      </div>
      <div className="pair-page">
        <div className="pair-main">
          <section className="card" aria-labelledby="dossier">
            <h2 id="dossier">{t('new.dossier')}</h2>
            {user.agencies.length > 1 ? <label className="field"><span className="label">{t('new.agency')}</span><select className="select" value={agency} onChange={(event) => setAgency(event.target.value)}>{user.agencies.map((one) => <option key={one.id} value={one.id}>{one.name}</option>)}</select></label> : null}
            <TextField id="dossier-code" label={t('new.code')} help={t('new.code_help')} value={code} onChange={setCode} maxLength={40} error={wrong.code} />
            <TextField id="applicant" label={t('new.applicant')} value={applicant} onChange={setApplicant} maxLength={120} error={wrong.applicant} autoComplete="off" />
            <TextField id="due-date" type="date" label={t('new.due')} value={due} onChange={setDue} min={today()} error={wrong.due} />
          </section>
          <section className="card">
            <FeeLines lines={lines} assessed={assessed} error={wrong.lines} onChange={setLines} />
          </section>
          <section className="card">
            <fieldset className="choices"><legend>{t('new.channel')}</legend>
              {(['counter', 'online'] as const).map((one) => <label key={one}><input type="radio" name="channel" checked={channel === one} onChange={() => setChannel(one)} /> {t(`channel.${one}`)}</label>)}
            </fieldset>
            <fieldset className="choices"><legend>{t('new.persona')}</legend>
              {personas.map((one) => <label key={one}><input type="checkbox" checked={persona.includes(one)} onChange={(event) => setPersona(event.target.checked ? [...persona, one] : persona.filter((other) => other !== one))} /> {t(`persona.${one}`)}</label>)}
            </fieldset>
          </section>
        </div>
        <div className="pair-side">
          <Preview assessed={assessed} error={preview.error} retry={() => void preview.refetch()} />
          <Button type="submit" look="primary" wide isPending={create.isPending} isDisabled={Boolean(assessed && !assessed.payable)}>{assessed?.total ? t('new.act', { amount: money(assessed.total) }) : t('new.act_none')}</Button>
        </div>
      </div>
    </form>
  );
}
