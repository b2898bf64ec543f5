// One small set of line icons, drawn on a 24 grid. Decoration only: the word beside it carries the meaning.
const shapes = {
  check: 'M4.5 12.5l5 5L19.5 7',
  alert: 'M12 4v10M12 18.5v.5',
  clock: 'M12 3.5a8.5 8.5 0 1 0 0 17a8.5 8.5 0 0 0 0-17zM12 7.5V12l3 2.5',
  question: 'M8.5 9a3.5 3.5 0 1 1 5 3.2c-1 .5-1.5 1.2-1.5 2.3M12 18.5v.5',
  plus: 'M12 5v14M5 12h14',
  cross: 'M6 6l12 12M18 6L6 18',
  back: 'M14.5 5L7.5 12l7 7',
  forward: 'M9.5 5l7 7l-7 7',
  sun: 'M12 8a4 4 0 1 0 0 8a4 4 0 0 0 0-8zM12 2.5V5M12 19v2.5M2.5 12H5M19 12h2.5M5.3 5.3L7 7M17 17l1.7 1.7M18.7 5.3L17 7M7 17l-1.7 1.7',
  menu: 'M5 7h14M5 12h14M5 17h14',
  note: 'M5 4h14v11l-5 5H5zM14 20v-5h5M8.5 9h7M8.5 12.5h4',
  cash: 'M3 7h18v10H3zM12 9.5a2.5 2.5 0 1 0 0 5a2.5 2.5 0 0 0 0-5zM6 10v4M18 10v4',
  book: 'M5 4h12a2 2 0 0 1 2 2v14H7a2 2 0 0 1-2-2zM5 18a2 2 0 0 1 2-2h12M9 8h6',
  print: 'M7 8V4h10v4M7 17H4V9h16v8h-3M7 14h10v6H7z',
  share: 'M12 15V4M8 7.5L12 3.5l4 4M5 12v8h14v-8',
  scan: 'M4 8V4h4M16 4h4v4M20 16v4h-4M8 20H4v-4M7 12h10',
  search: 'M10.5 4a6.5 6.5 0 1 0 0 13a6.5 6.5 0 0 0 0-13zM15.5 15.5L20 20',
  document: 'M6 3h8l4 4v14H6zM14 3v4h4M9 12h6M9 15.5h6',
  refresh: 'M19.5 12a7.5 7.5 0 1 1-2.2-5.3M19.5 3.5V8H15',
  bank: 'M4 9l8-5l8 5zM5.5 9v8M10 9v8M14 9v8M18.5 9v8M3.5 20h17',
  leave: 'M10 4H5v16h5M15 8l4 4l-4 4M19 12H9',
  speaker: 'M4 9.5h3.5L12 5.5v13l-4.5-4H4zM15.5 9a4 4 0 0 1 0 6M18 6.5a8 8 0 0 1 0 11',
  mute: 'M4 9.5h3.5L12 5.5v13l-4.5-4H4zM16 9.5l5 5M21 9.5l-5 5',
  erase: 'M9 6h11v12H9l-6-6zM12 9.5l5 5M17 9.5l-5 5',
  link: 'M10 14a4 4 0 0 0 5.7 0l3-3a4 4 0 0 0-5.7-5.7L12 6.3M14 10a4 4 0 0 0-5.7 0l-3 3A4 4 0 0 0 11 18.7L12 17.7',
  person: 'M12 4a4 4 0 1 0 0 8a4 4 0 0 0 0-8zM4.5 20.5c.8-4 4-6 7.5-6s6.7 2 7.5 6',
  send: 'M4 12L20 4l-5 16l-3.5-6.5z',
  arrowDown: 'M12 4v15M6 13.5l6 6l6-6',
  arrowsBoth: 'M4 9h15l-4-4M20 15H5l4 4',
  offline: 'M4 4l16 16M5 10a10 10 0 0 1 4-2.3M19 10a10 10 0 0 0-5.5-2.7M8.5 13.5A5 5 0 0 1 12 12.300M12 17.500v.5',
} as const;

export type IconName = keyof typeof shapes;

export function Icon({ name, size = 24 }: { name: IconName; size?: number }) {
  return (
    <svg className="icon" width={size} height={size} viewBox="0 0 24 24" fill="none" stroke="currentColor" strokeWidth="2" strokeLinecap="round" strokeLinejoin="round" aria-hidden="true" focusable="false">
      <path d={shapes[name]} />
    </svg>
  );
}
