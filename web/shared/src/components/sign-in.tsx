import { useEffect, useRef, useState, type FormEvent } from 'react';
import { useSignIn } from '../api/session';
import { useLanguage } from '../messages';
import { useTitle } from '../router';
import { Button, TextField } from './controls';
import { ErrorBox, Notice } from './feedback';

// One page for every role; `name` says which door this is.
export function SignIn({ name }: { name: string }) {
  const { t, lang, change } = useLanguage();
  const signIn = useSignIn();
  const [login, setLogin] = useState('');
  const [password, setPassword] = useState('');
  const [tried, setTried] = useState(false);
  const summary = useRef<HTMLDivElement>(null);
  useTitle(t('signin.title'));

  const missing = { login: login.trim() ? undefined : t('signin.login_missing'), password: password ? undefined : t('signin.password_missing') };
  const wrong = tried && (missing.login || missing.password);
  useEffect(() => { if (signIn.error) summary.current?.focus(); }, [signIn.error]);

  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (missing.login || missing.password) {
      requestAnimationFrame(() => summary.current?.focus());
      return;
    }
    if (!signIn.isPending) signIn.mutate({ login: login.trim(), password });
  };

  return (
    <main id="main" className="signin" tabIndex={-1}>
      <div className="signin-card">
        <div className="brand"><span className="brand-mark" aria-hidden="true">Chợ</span><span className="brand-name">Chợ 4.0</span><span className="brand-door">{name}</span></div>
        <h1>{t('signin.title')}</h1>
        <div ref={summary} tabIndex={-1} className="summary">
          {wrong ? (
            <Notice tone="bad" icon="alert" title={<span role="alert">{t('signin.check')}</span>}>
              <ul className="notice-list">
                {missing.login ? <li><a href="#login">{missing.login}</a></li> : null}
                {missing.password ? <li><a href="#password">{missing.password}</a></li> : null}
              </ul>
            </Notice>
          ) : null}
          {!wrong && signIn.error ? <ErrorBox error={signIn.error} /> : null}
        </div>
        <form onSubmit={submit} noValidate>
          <TextField id="login" name="login" label={t('signin.login')} value={login} onChange={setLogin} autoComplete="username" error={tried ? missing.login : undefined} />
          <TextField id="password" name="password" type="password" label={t('signin.password')} value={password} onChange={setPassword} autoComplete="current-password" error={tried ? missing.password : undefined} />
          <Button type="submit" look="primary" wide isPending={signIn.isPending}>{t('signin.act')}</Button>
        </form>
        <Button look="quiet" onPress={() => change(lang === 'vi' ? 'en' : 'vi')}>{lang === 'vi' ? 'English' : 'Tiếng Việt'}</Button>
      </div>
    </main>
  );
}
