import { useEffect, useRef } from 'react';

// Single keys and pairs ("g h"). They sleep while somebody types or a dialog is open.
export function useShortcuts(table: Record<string, (event: KeyboardEvent) => void>): void {
  const current = useRef(table);
  current.current = table;
  useEffect(() => {
    let first = '';
    let timer: ReturnType<typeof setTimeout> | undefined;
    const listen = (event: KeyboardEvent) => {
      const on = event.target as HTMLElement;
      if (event.ctrlKey || event.metaKey || event.altKey || on.closest('input, textarea, select, [role=dialog], [role=listbox]')) return;
      const act = current.current[first ? `${first} ${event.key}` : event.key];
      clearTimeout(timer);
      if (act) {
        first = '';
        event.preventDefault();
        act(event);
        return;
      }
      first = event.key === 'g' ? 'g' : '';
      if (first) timer = setTimeout(() => { first = ''; }, 900);
    };
    window.addEventListener('keydown', listen);
    return () => {
      clearTimeout(timer);
      window.removeEventListener('keydown', listen);
    };
  }, []);
}

// j and k walk the rows of the grid on this page.
export function walkRows(step: 1 | -1): void {
  const rows = [...document.querySelectorAll<HTMLElement>('[role=rowgroup] [role=row][data-key]')];
  const at = rows.findIndex((row) => row.contains(document.activeElement));
  const next = at === -1 ? rows[step === 1 ? 0 : rows.length - 1] : rows[at + step];
  next?.focus();
}
