import { useEffect } from 'react';
import { Button as AriaButton } from 'react-aria-components/Button';
import { Icon } from '@cho40/shared/components/icons';
import { money } from '@cho40/shared/format';
import { useT } from '@cho40/shared/messages';

// The standard for QR carries thirteen digits; nobody sells for more at a stall.
const limit = 9_999_999_999_999;

export function press(amount: number, key: string): number {
  if (key === 'erase') return Math.floor(amount / 10);
  if (key === 'clear') return 0;
  const next = Number(`${amount}${key}`);
  return Number.isSafeInteger(next) && next <= limit ? next : amount;
}

interface Props { amount: number; onChange: (amount: number) => void; onEnter: () => void }

// Also answers to the keys of a real keyboard, as long as no field is being typed in.
export function Keypad({ amount, onChange, onEnter }: Props) {
  const t = useT();
  useEffect(() => {
    const listen = (event: KeyboardEvent) => {
      const on = event.target as HTMLElement;
      if (event.ctrlKey || event.metaKey || event.altKey || on.closest('input, textarea, select, [role=dialog]')) return;
      if (/^[0-9]$/.test(event.key)) onChange(press(amount, event.key));
      else if (event.key === 'Backspace') onChange(press(amount, 'erase'));
      else if (event.key === 'Enter' && !on.closest('a, button')) onEnter();
      else return;
      event.preventDefault();
    };
    window.addEventListener('keydown', listen);
    return () => window.removeEventListener('keydown', listen);
  }, [amount, onChange, onEnter]);

  const keys = ['1', '2', '3', '4', '5', '6', '7', '8', '9', '000', '0', 'erase'];
  return (
    <div className="keypad" role="group" aria-label={t('home.keypad')}>
      {keys.map((key) => (
        <AriaButton key={key} className={`key${key === 'erase' ? ' key-soft' : ''}`} onPress={() => onChange(press(amount, key))} {...(key === 'erase' ? { 'aria-label': t('home.erase') } : {})}>
          {key === 'erase' ? <Icon name="erase" size={28} /> : key}
        </AriaButton>
      ))}
    </div>
  );
}

export function Amount({ amount }: { amount: number }) {
  const t = useT();
  return (
    <output className={`amount${amount === 0 ? ' amount-none' : ''}${amount > 99_999_999 ? ' amount-long' : ''}`} aria-label={t('home.amount', { amount: money(amount) })}>{money(amount)}</output>
  );
}
