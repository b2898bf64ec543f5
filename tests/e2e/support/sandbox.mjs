// The bank and the providers of the sandbox: buyers' payments, and the files that follow the day.
export class Sandbox {
  constructor(url) { this.url = url; }

  async call(method, path, body) {
    const answer = await fetch(this.url + path, { method, ...(body === undefined ? {} : { headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) }) });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`sandbox: ${method} ${path}: ${answer.status} ${text.slice(0, 300)}`);
    return text;
  }

  // The rail accounts of a stall, and its bank account that they tell of.
  async connect(town) {
    for (const rail of town.rails) await this.call('POST', '/setup/rail-accounts', rail);
    const { bank_bin, account_number, account_name: holder_name } = town.account;
    await this.call('POST', '/setup/receiving-accounts', { bank_bin, account_number, holder_name, rail_accounts: town.rails.map((rail) => rail.id) });
  }

  async pay(order) { return JSON.parse(await this.call('POST', '/bank/payments', order)); }

  statement(rail, date) { return this.call('GET', `/bank/camt053?rail_account=${rail.id}&date=${date}`); }

  providerFile(rail, date, revision = 1) { return this.call('GET', `/providers/daily-file?rail_account=${rail.id}&date=${date}&revision=${revision}`); }
}
