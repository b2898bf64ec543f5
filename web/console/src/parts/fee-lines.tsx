import { ComboBox, ListBox, ListBoxItem, Popover } from 'react-aria-components/ComboBox';
import { Button as AriaButton } from 'react-aria-components/Button';
import { Input, Label, Text } from 'react-aria-components/TextField';
import { useState } from 'react';
import type { Schemas } from '@cho40/shared/api/client';
import { IconButton, TextField } from '@cho40/shared/components/controls';
import { Icon } from '@cho40/shared/components/icons';
import { money } from '@cho40/shared/format';
import { useT } from '@cho40/shared/messages';
import { useFeeItems, type Assessment } from '../data';

export interface ChosenLine { item: Schemas['fee_item']; quantity: string; pages: string; value: string }

// What a chosen line says to the server; absent members are not asked for by its fee.
export function toRequest(line: ChosenLine): Schemas['fee_line_request'] {
  const whole = (text: string) => Math.max(1, Number(text.replace(/\D/g, '')) || 1);
  return {
    fee_code: line.item.fee_code,
    ...(line.item.asks.includes('quantity') ? { quantity: whole(line.quantity) } : {}),
    ...(line.item.asks.includes('pages') ? { pages: whole(line.pages) } : {}),
    ...(line.item.asks.includes('value') ? { value: { amount: whole(line.value), currency: 'VND' as const } } : {}),
  };
}

interface Props { lines: ChosenLine[]; assessed: Assessment | undefined; error?: string | undefined; onChange: (lines: ChosenLine[]) => void }

export function FeeLines({ lines, assessed, error, onChange }: Props) {
  const t = useT();
  const [typed, setTyped] = useState('');
  const items = useFeeItems(typed.trim());
  const set = (index: number, change: Partial<ChosenLine>) => onChange(lines.map((line, at) => (at === index ? { ...line, ...change } : line)));
  return (
    <fieldset className="fee-lines" id="fee-lines" tabIndex={-1}>
      <legend>{t('new.lines')}</legend>
      {lines.length ? (
        <ul>
          {lines.map((line, index) => {
            const result = assessed?.lines[index];
            return (
              <li key={`${line.item.fee_code}${index}`} className="fee-line">
                <div className="fee-line-head">
                  <p><strong>{line.item.procedure_name}</strong><small>{line.item.kind === 'phi' ? t('fee.phi') : t('fee.le_phi')} · {line.item.fee_code}</small></p>
                  <IconButton icon="cross" label={t('new.remove', { name: line.item.procedure_name })} onPress={() => onChange(lines.filter((_, at) => at !== index))} />
                </div>
                <div className="fee-line-asks">
                  {line.item.asks.includes('pages') ? <TextField label={t('new.pages')} inputMode="numeric" value={line.pages} onChange={(pages) => set(index, { pages: pages.replace(/\D/g, '') })} /> : null}
                  {line.item.asks.includes('quantity') ? <TextField label={t('new.quantity')} inputMode="numeric" value={line.quantity} onChange={(quantity) => set(index, { quantity: quantity.replace(/\D/g, '') })} /> : null}
                  {line.item.asks.includes('value') ? <TextField label={t('new.value')} inputMode="numeric" value={line.value} onChange={(value) => set(index, { value: value.replace(/\D/g, '') })} /> : null}
                </div>
                {result ? <p className={`fee-line-result${result.due ? '' : ' fee-line-unknown'}`}>{result.due ? <strong>{money(result.due)}</strong> : <strong>{t('fee.unknown')}</strong>} {result.explanation}</p> : null}
              </li>
            );
          })}
        </ul>
      ) : null}
      <ComboBox className="field combo" items={items.data?.data ?? []} inputValue={typed} onInputChange={setTyped} allowsEmptyCollection menuTrigger="input" isInvalid={Boolean(error)}
        onSelectionChange={(key) => {
          const item = items.data?.data.find((one) => one.fee_code === key);
          if (item) onChange([...lines, { item, quantity: '1', pages: '1', value: '' }]);
          setTyped('');
        }} selectedKey={null}>
        <Label>{lines.length ? t('new.add_more') : t('new.add')}</Label>
        <Text slot="description">{t('new.add_help')}</Text>
        <div className="combo-box"><Input /><AriaButton className="combo-button"><Icon name="search" /></AriaButton></div>
        {error ? <p className="react-aria-FieldError">{error}</p> : null}
        <Popover className="popover">
          <ListBox className="options" renderEmptyState={() => <p className="options-none">{items.isFetching ? t('loading.now', { what: t('new.lines') }) : t('new.no_item')}</p>}>
            {(item: Schemas['fee_item']) => (
              <ListBoxItem id={item.fee_code} className="option" textValue={item.procedure_name}>
                <Text slot="label">{item.procedure_name}</Text>
                <Text slot="description">{item.procedure_code ?? ''} · {item.fee_code} · {item.agency_kind}</Text>
              </ListBoxItem>
            )}
          </ListBox>
        </Popover>
      </ComboBox>
    </fieldset>
  );
}
