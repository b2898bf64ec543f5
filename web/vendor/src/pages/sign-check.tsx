import { useMutation } from '@tanstack/react-query';
import { useEffect, useRef, useState, type FormEvent } from 'react';
import { api, ask } from '@cho40/shared/api/client';
import { Button, TextField } from '@cho40/shared/components/controls';
import { ErrorBox } from '@cho40/shared/components/feedback';
import { Icon } from '@cho40/shared/components/icons';
import { useT } from '@cho40/shared/messages';
import { useTitle } from '@cho40/shared/router';
import { CodeReader } from '../parts/code-reader';
import { SignAnswer } from '../parts/sign-answer';
import { TopBar } from '../parts/top-bar';
import { useCounter } from '../stall';

// Before selling: does the stall's own code still hang there, or has somebody pasted theirs over it?
export function SignCheckPage() {
  const t = useT();
  const { stall } = useCounter();
  const [pasted, setPasted] = useState('');
  useTitle(t('sign.title'));
  const check = useMutation({
    mutationFn: (codes: string[]) => Promise.all(codes.map((payload) => ask(api.POST('/v1/stalls/{stall}/sign-checks', { params: { path: { stall: stall.id } }, body: { payload } })))),
  });
  const { mutate, reset, data } = check;
  // The answer of one stall says nothing of another.
  useEffect(() => { reset(); setPasted(''); }, [reset, stall.id]);
  const answer = useRef<HTMLDivElement>(null);
  useEffect(() => { if (data) answer.current?.scrollIntoView({ block: 'nearest' }); }, [data]);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (pasted.trim()) mutate([pasted.trim()]);
  };
  return (
    <div className="page">
      <TopBar title={t('sign.title')} back="/" />
      <main id="main" className="sign" tabIndex={-1}>
        <p>{t('sign.text', { stall: t('vendor.stall', { number: stall.number, name: stall.name }) })}</p>
        <div ref={answer} role="status" className="sign-answers">{data?.map((one, index) => <SignAnswer key={index} check={one} />)}</div>
        {check.error ? <ErrorBox error={check.error} retry={() => mutate(check.variables ?? [])} /> : null}
        <CodeReader onRead={mutate} />
        <form onSubmit={submit}>
          <TextField label={t('sign.paste')} help={t('sign.paste_help')} value={pasted} onChange={setPasted} maxLength={7089} autoComplete="off" />
          <Button type="submit" wide isDisabled={!pasted.trim()} isPending={check.isPending}>{t('sign.check')}</Button>
        </form>
        <section aria-labelledby="print">
          <h2 id="print">{t('sign.print')}</h2>
          <p className="sign-small">{t('sign.print_text')}</p>
          <div className="sign-prints">
            {(['A5', 'A6'] as const).map((size) => (
              <a key={size} className="button button-plain" href={`/v1/stalls/${stall.id}/sign.pdf?size=${size}`} target="_blank" rel="noreferrer"><Icon name="print" size={22} /><span>{t('sign.print_size', { size })}</span></a>
            ))}
          </div>
        </section>
      </main>
    </div>
  );
}
