import type { ReactNode } from 'react';
import type { Schemas } from '@cho40/shared/api/client';
import type { Tone } from '@cho40/shared/components/feedback';
import { Icon, type IconName } from '@cho40/shared/components/icons';
import { money } from '@cho40/shared/format';
import { useT } from '@cho40/shared/messages';

export type SignCheck = Schemas['sign_check'];
type Difference = SignCheck['differences'][number];

const vnd = (text: string) => (/^\d{1,13}$/.test(text) ? money({ amount: Number(text) }) : text);

// What was found and what to do, in words that can be read from a step away. Whether a code hangs rightly is no matter of colour
// alone.
export function SignAnswer({ check }: { check: SignCheck }) {
  const t = useT();
  const flawed = check.differences.length > 0;
  if (check.verdict === 'right_stall' && !flawed) {
    return <Answer tone="ok" icon="check" title={t('sign.right')} place={place(check)} steps={[t('sign.right_text')]} />;
  }
  if (check.verdict === 'right_stall') {
    return (
      <Answer tone="warn" icon="alert" title={t('sign.flawed')} place={place(check)} steps={[t('sign.do_take_down'), t('sign.do_hang_new')]}>
        <ul className="sign-flaws">{check.differences.map((one) => <li key={one.what + one.value}><Flaw one={one} /></li>)}</ul>
      </Answer>
    );
  }
  if (check.verdict === 'another_stall' && check.other_stall) {
    const { number, name, market_name } = check.other_stall;
    return <Answer tone="bad" icon="cross" title={t('sign.other')} place={`${t('vendor.stall', { number, name })}, ${market_name}`} steps={[t('sign.do_take_down'), t('sign.do_give_back'), t('sign.do_hang_new')]} />;
  }
  if (check.verdict === 'unknown_account') {
    return <Answer tone="bad" icon="cross" title={t('sign.unknown')} place={t('sign.goes_to', { place: place(check) || t('sign.other_network') })} steps={[t('sign.do_take_down'), t('sign.do_keep'), t('sign.do_call'), t('sign.do_hang_new')]} />;
  }
  if (check.unreadable?.begins_as_payment_code) {
    return <Answer tone="warn" icon="alert" title={t('sign.damaged')} place={t('sign.damaged_text')} steps={[t('sign.do_scan_again'), t('sign.do_take_down_if_still'), t('sign.do_hang_new')]} />;
  }
  return <Answer tone="bad" icon="cross" title={t('sign.no_code')} place={t('sign.no_code_text')} steps={[t('sign.do_take_down'), t('sign.do_keep'), t('sign.do_call'), t('sign.do_hang_new')]} />;
}

function place({ account }: SignCheck): string {
  const masked = account?.account_number_masked?.replaceAll(' ', '\u00a0') ?? '';
  return account?.bank_name ? `${account.bank_name} ${masked}`.trim() : '';
}

function Flaw({ one }: { one: Difference }) {
  const t = useT();
  return <>{t(`sign.flaw.${one.what}`, { value: one.what === 'amount_fixed' ? vnd(one.value) : one.value })}</>;
}

function Answer({ tone, icon, title, place: where, steps, children }: { tone: Tone; icon: IconName; title: string; place: string; steps: string[]; children?: ReactNode }) {
  return (
    <article className={`sign-answer tone-${tone}`}>
      <h2><Icon name={icon} size={36} /> <span>{title}</span></h2>
      {where ? <p className="sign-place">{where}</p> : null}
      {children}
      {steps.length > 1 ? <ol>{steps.map((step) => <li key={step}>{step}</li>)}</ol> : <p>{steps[0]}</p>}
    </article>
  );
}
