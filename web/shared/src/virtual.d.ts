declare module 'virtual:messages/vi' {
  const table: Record<string, string | ((values: Record<string, unknown>) => string)>;
  export default table;
}
declare module 'virtual:messages/en' {
  const table: Record<string, string | ((values: Record<string, unknown>) => string)>;
  export default table;
}
declare module '*.css';
