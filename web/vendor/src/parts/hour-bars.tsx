import { useState } from 'react';
import type { DayBook } from '@cho40/shared/api/client';
import { Button } from '@cho40/shared/components/controls';
import { money, plainNumber } from '@cho40/shared/format';
import { useT } from '@cho40/shared/messages';

type Hours = DayBook['hours'];

// Only the hours in which the market lives, so that bars stay wide on a phone.
function window24(hours: Hours): Hours {
  const busy = hours.filter((hour) => hour.count > 0).map((hour) => hour.hour);
  const from = Math.min(5, ...busy);
  const to = Math.max(18, ...busy);
  return hours.filter((hour) => hour.hour >= from && hour.hour <= to);
}

export function Sparkline({ hours }: { hours: Hours }) {
  const shown = window24(hours);
  const most = Math.max(1, ...shown.map((hour) => hour.sum.amount));
  const width = 6;
  return (
    <svg className="spark" viewBox={`0 0 ${shown.length * 8} 24`} preserveAspectRatio="none" aria-hidden="true">
      {shown.map((hour, index) => {
        const height = hour.sum.amount === 0 ? 1 : Math.max(2, (hour.sum.amount / most) * 24);
        return <rect key={hour.hour} x={index * 8} y={24 - height} width={width} height={height} rx="1" />;
      })}
    </svg>
  );
}

// One sentence, the bars, and the same as a table: nobody has to read a picture.
export function HourBars({ hours }: { hours: Hours }) {
  const t = useT();
  const [table, setTable] = useState(false);
  const shown = window24(hours);
  const most = Math.max(1, ...shown.map((hour) => hour.sum.amount));
  const best = shown.reduce((a, b) => (b.sum.amount > a.sum.amount ? b : a), shown[0]!);
  if (best.sum.amount === 0) return null;
  const sentence = t('day.best_hour', { hour: String(best.hour), next: String(best.hour + 1), sum: money(best.sum) });
  return (
    <section className="bars" aria-label={t('day.hours')}>
      <div className="bars-head"><p>{sentence}</p><Button look="quiet" onPress={() => setTable(!table)}>{table ? t('act.as_chart') : t('act.as_table')}</Button></div>
      {table ? (
        <table className="plain-table">
          <thead><tr><th scope="col">{t('day.hour')}</th><th scope="col" className="right">{t('day.count')}</th><th scope="col" className="right">{t('day.sum')}</th></tr></thead>
          <tbody>{shown.filter((hour) => hour.count > 0).map((hour) => <tr key={hour.hour}><th scope="row">{`${hour.hour}–${hour.hour + 1}`}</th><td className="right">{plainNumber(hour.count)}</td><td className="right">{money(hour.sum)}</td></tr>)}</tbody>
        </table>
      ) : (
        <svg className="bars-picture" viewBox={`0 0 ${shown.length * 24} 96`} role="img" aria-label={sentence}>
          {shown.map((hour, index) => {
            const height = (hour.sum.amount / most) * 72;
            return (
              <g key={hour.hour}>
                <rect className="bar-ground" x={index * 24 + 3} y="4" width="18" height="72" rx="3" />
                {height > 0 ? <rect className="bar" x={index * 24 + 3} y={76 - height} width="18" height={height} rx="3" /> : null}
                {(hour.hour % 2 === 0 || shown.length < 12) ? <text x={index * 24 + 12} y="92" textAnchor="middle">{hour.hour}</text> : null}
              </g>
            );
          })}
        </svg>
      )}
    </section>
  );
}
