export async function startService() { throw new Error('not here yet'); }
