import { useEffect, useRef, useState } from 'react';
import { SearchField } from 'react-aria-components/SearchField';
import { Cell, Column, Row, Table, TableBody, TableHeader } from 'react-aria-components/Table';
import { Input, Label } from 'react-aria-components/TextField';
import { Button } from '@cho40/shared/components/controls';
import { Badge, Empty, Waiting } from '@cho40/shared/components/feedback';
import { day, money, quarters, signedMoney } from '@cho40/shared/format';
import { useT } from '@cho40/shared/messages';
import { useRouter, useTitle } from '@cho40/shared/router';
import { useHouseholds, type Household } from '../data';
import { useShortcuts, walkRows } from '../parts/shortcuts';
import { tierLook, tierOrder } from '../parts/tax-look';

export function HouseholdsPage() {
  const t = useT();
  const { query, go } = useRouter();
  const periods = quarters(7);
  const period = query.get('period') ?? periods[1]!;
  const tier = query.get('tier') ?? '';
  const [typed, setTyped] = useState(query.get('q') ?? '');
  const [q, setQ] = useState(typed);
  const search = useRef<HTMLInputElement>(null);
  const list = useHouseholds({ q, period, tier });
  const rows = list.data?.pages.flatMap((page) => page.data) ?? [];
  const why = list.data?.pages[0]?.why_empty;
  useTitle(t('t2.title'));

  const show = (change: Record<string, string>) => {
    const next = new URLSearchParams({ ...(q ? { q } : {}), ...(tier ? { tier } : {}), period, ...change });
    for (const [name, value] of [...next]) if (!value) next.delete(name);
    go(`/tax?${next}`, { replace: true });
  };
  useEffect(() => {
    const timer = setTimeout(() => setQ(typed.trim()), 250);
    return () => clearTimeout(timer);
  }, [typed]);
  useShortcuts({ '/': () => search.current?.focus(), j: () => walkRows(1), k: () => walkRows(-1) });

  const open = (row: Household) => go(`/tax/households/${row.id}/${row.position.period}`);
  return (
    <>
      <div className="head">
        <h1>{t('t2.title')}</h1>
        <label className="period"><span>{t('t2.period')}</span>
          <select className="select" value={period} onChange={(event) => show({ period: event.target.value })}>{[...new Set([...periods, period])].map((one) => <option key={one} value={one}>{t('quarter', { quarter: one.slice(6), year: one.slice(0, 4) })}</option>)}</select>
        </label>
      </div>
      <div className="filters">
        <SearchField className="field search" value={typed} onChange={setTyped}>
          <Label>{t('t2.search')}</Label>
          <Input ref={search} placeholder={t('t2.search_hint')} />
        </SearchField>
        <div className="tabs" role="group" aria-label={t('t2.tiers')}>
          {['', ...tierOrder].map((name) => (
            <button key={name} type="button" className="tab" aria-pressed={tier === name} onClick={() => show({ tier: name })}>{name ? t(tierLook(name).word) : t('t2.all')}</button>
          ))}
        </div>
      </div>
      {!list.data ? <Waiting query={list} shape="table" label={t('loading.households')} /> : rows.length === 0 ? (
        <Empty icon="search" title={t('t2.none')} action={<Button onPress={() => { setTyped(''); setQ(''); go(`/tax?period=${period}`, { replace: true }); }}>{t('t2.clear')}</Button>}>{why?.text ?? t('t2.none_text')}</Empty>
      ) : (
        <>
          <p className="shown" role="status">{list.hasNextPage ? t('t2.shown_more', { count: rows.length }) : t('t2.shown', { count: rows.length })}</p>
          <Table aria-label={t('t2.title')} className="grid" onRowAction={(key) => { const row = rows.find((one) => one.id === key); if (row) open(row); }}>
            <TableHeader>
              <Column isRowHeader>{t('t2.household')}</Column>
              <Column>{t('t2.state')}</Column>
              <Column className="right">{t('t2.ledger')}</Column>
              <Column className="right">{t('t2.declared')}</Column>
              <Column className="right">{t('t2.difference')}</Column>
              <Column className="right">{t('t2.due')}</Column>
            </TableHeader>
            <TableBody>
              {rows.map((row) => {
                const look = tierLook(row.position.tier);
                return (
                  <Row key={row.id} id={row.id} className="grid-row" textValue={row.name}>
                    <Cell className="cell-name"><strong>{row.name}</strong><small>{row.tax_code} · {row.ward}</small></Cell>
                    <Cell className="cell-state"><Badge tone={look.tone} icon={look.icon}>{t(look.word)}</Badge></Cell>
                    <Cell className="right"><Small>{t('t2.ledger')}</Small>{money(row.position.ledger_turnover)}</Cell>
                    <Cell className="right"><Small>{t('t2.declared')}</Small>{row.position.declared_revenue ? money(row.position.declared_revenue) : '–'}</Cell>
                    <Cell className={`right${row.position.difference?.amount ? ' cell-off' : ''}`}><Small>{t('t2.difference')}</Small>{row.position.difference ? signedMoney(row.position.difference) : '–'}</Cell>
                    <Cell className="right"><Small>{t('t2.due')}</Small>{day(row.position.due_date)}</Cell>
                  </Row>
                );
              })}
            </TableBody>
          </Table>
          {list.hasNextPage ? <div className="more"><Button isPending={list.isFetchingNextPage} onPress={() => void list.fetchNextPage()}>{t('act.more')}</Button></div> : null}
        </>
      )}
    </>
  );
}

// The column's name beside the value, for the folded form on a phone.
const Small = ({ children }: { children: string }) => <span className="cell-label" aria-hidden="true">{children}</span>;
