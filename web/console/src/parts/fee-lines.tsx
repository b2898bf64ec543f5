import { useEffect, useRef, useState } from 'react';
import type { Schemas } from '@cho40/shared/api/client';
import { IconButton, TextField } from '@cho40/shared/components/controls';
import { Icon } from '@cho40/shared/components/icons';
import { money } from '@cho40/shared/format';
import { useT } from '@cho40/shared/messages';
import { ErrorBox } from '@cho40/shared/components/feedback';
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

// More than this many results are not read; the search is made narrower instead.
const shownResults = 6;

interface Props { lines: ChosenLine[]; assessed: Assessment | undefined; error?: string | undefined; onChange: (lines: ChosenLine[]) => void }

export function FeeLines({ lines, assessed, error, onChange }: Props) {
  const t = useT();
  const [typed, setTyped] = useState('');
  const [searched, setSearched] = useState('');
  const items = useFeeItems(searched);
  const list = useRef<HTMLUListElement>(null);
  const search = useRef<HTMLDivElement>(null);
  const added = useRef(false);
  useEffect(() => {
    const timer = setTimeout(() => setSearched(typed.trim()), 200);
    return () => clearTimeout(timer);
  }, [typed]);
  // After choosing: on to what the new line asks for, or back to the search.
  useEffect(() => {
    if (!added.current) return;
    added.current = false;
    const field = list.current?.lastElementChild?.querySelector('input') ?? search.current?.querySelector('input');
    field?.focus();
  }, [lines.length]);
  // Results of an earlier word are never offered: a finger would hit the wrong fee.
  const settled = typed.trim() === searched && !items.isPlaceholderData && !items.isFetching;
  const results = typed.trim() && settled ? items.data?.data ?? [] : [];
  const add = (item: Schemas['fee_item']) => {
    added.current = true;
    setTyped('');
    onChange([...lines, { item, quantity: '1', pages: '1', value: '' }]);
  };
  const set = (index: number, change: Partial<ChosenLine>) => onChange(lines.map((line, at) => (at === index ? { ...line, ...change } : line)));
  return (
    <fieldset className="fee-lines" id="fee-lines" tabIndex={-1}>
      <legend>{t('new.lines')}</legend>
      {lines.length ? (
        <ul ref={list}>
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
      <div ref={search} className="fee-search"><TextField label={lines.length ? t('new.add_more') : t('new.add')} help={t('new.add_help')} value={typed} onChange={setTyped} autoComplete="off" inputMode="search" error={error} /></div>
      {items.error ? <ErrorBox error={items.error} retry={() => void items.refetch()} /> : null}
      <p className="quiet" role="status">{!typed.trim() ? '' : !settled ? t('loading.now', { what: t('new.lines') }) : results.length === 0 ? t('new.no_item') : results.length > shownResults || items.data?.page.has_more ? t('new.narrow', { count: shownResults }) : ''}</p>
      {results.length ? (
        <ul className="fee-options" aria-label={t('new.results')}>
          {results.slice(0, shownResults).map((item) => (
            <li key={item.fee_code}>
              <button type="button" className="fee-option" onClick={() => add(item)}>
                <span>{item.procedure_name}</span><small>{item.procedure_code ? `${item.procedure_code} · ` : ''}{item.fee_code} · {item.agency_kind}</small><Icon name="plus" />
              </button>
            </li>
          ))}
        </ul>
      ) : null}
    </fieldset>
  );
}
