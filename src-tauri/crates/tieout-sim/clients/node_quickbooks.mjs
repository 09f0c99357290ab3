// Drives the QuickBooks simulator with the unmodified public Node clients.
//
// Needs `npm i node-quickbooks@2.0.50 intuit-oauth@4.2.5`. The only argument is the JSON line that
// `cargo run -p tieout-sim --example serve` prints.

import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';

const require = createRequire(pathToFileURL(`${process.cwd()}/`));
const QuickBooks = require('node-quickbooks');
const OAuthClient = require('intuit-oauth');

const given = JSON.parse(process.argv[2]);
const settings = given.quickbooks ?? given;
const base = settings.base_url;

const unescaped = (text) =>
  text
    .replaceAll('&quot;', '"')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&');

async function signIn() {
  const auth = new OAuthClient({
    clientId: settings.client_id,
    clientSecret: settings.client_secret,
    environment: 'sandbox',
    redirectUri: settings.redirect_uri ?? 'http://localhost:8765/cb',
  });
  auth.setAuthorizeURLs({
    authorizeEndpoint: `${base}/connect/oauth2`,
    tokenEndpoint: `${base}/oauth2/v1/tokens/bearer`,
    revokeEndpoint: `${base}/v2/oauth2/tokens/revoke`,
    userInfoEndpoint: `${base}/v1/openid_connect/userinfo`,
  });
  const url = auth.authorizeUri({
    scope: [OAuthClient.scopes.Accounting, OAuthClient.scopes.OpenId],
    state: 'node-state',
  });
  const page = await (await fetch(url)).text();
  const form = page.match(/<form id="allow"[^>]*action="([^"]+)">(.*?)<\/form>/s);
  const fields = new URLSearchParams();
  for (const [, name, value] of form[2].matchAll(/name="([^"]+)" value="([^"]*)"/g)) {
    fields.set(name, unescaped(value));
  }
  const answer = await fetch(base + form[1], { method: 'POST', body: fields, redirect: 'manual' });
  assert.equal(answer.status, 302);
  const back = answer.headers.get('location');
  assert.equal(new URL(back).searchParams.get('realmId'), settings.realm_id);
  const made = await auth.createToken(back);
  assert.equal(made.getToken().expires_in, 3600);
  const first = auth.getToken().refresh_token;
  await auth.refresh();
  assert.equal(auth.getToken().refresh_token, first);
  assert.ok(auth.isAccessTokenValid());
  const user = await auth.getUserInfo();
  assert.ok((user.json ?? user.data).email);
  return auth;
}

function connect(token) {
  QuickBooks.V3_ENDPOINT_BASE_URL = `${base}/v3/company/`;
  QuickBooks.TOKEN_URL = `${base}/oauth2/v1/tokens/bearer`;
  QuickBooks.REVOKE_URL = `${base}/v2/oauth2/tokens/revoke`;
  const client = new QuickBooks(
    settings.client_id, settings.client_secret, token.access_token, false, settings.realm_id,
    true, false, 75, '2.0', token.refresh_token,
  );
  const call = (name, ...args) =>
    new Promise((resolve, reject) => {
      client[name](...args, (error, body) => (error ? reject(error) : resolve(body)));
    });
  return { client, call };
}

const codeOf = (error) => (error.response?.data ?? error).Fault.Error[0].code;

async function refused(code, promise) {
  await assert.rejects(promise, (error) => codeOf(error) === code);
}

async function queries(call) {
  const found = await call('findCustomers', { DisplayName: 'Quillan Pharma' });
  assert.equal(found.QueryResponse.Customer[0].Id, '133');
  const page = await call('findInvoices', [
    { field: 'TxnDate', value: '2026-06-01', operator: '>=' },
    { field: 'TxnDate', value: '2026-06-30', operator: '<=' },
    { field: 'limit', value: 5 },
    { field: 'asc', value: 'TxnDate' },
  ]);
  assert.equal(page.QueryResponse.maxResults, 5);
  const all = await call('findInvoices', { fetchAll: true, limit: 7 });
  assert.equal(all.QueryResponse.Invoice.length, 39);
  const count = await call('findPayments', { count: true });
  assert.equal(count.QueryResponse.totalCount, 27);
  const company = await call('getCompanyInfo', settings.realm_id);
  assert.equal(company.CompanyName, 'Alder Quay Instruments, Inc.');
  const preferences = await call('getPreferences');
  assert.equal(preferences.AccountingInfoPrefs.BookCloseDate, '2026-05-31');
}

async function documents(call) {
  const customer = await call('createCustomer', { DisplayName: "Node's Best + Co" });
  const named = await call('findCustomers', [
    { field: 'DisplayName', value: "Node's Best%", operator: 'LIKE' },
  ]);
  assert.equal(named.QueryResponse.Customer[0].Id, customer.Id);
  await refused('6240', call('createCustomer', { DisplayName: "NODE'S BEST + CO" }));
  const body = (requestId) => ({
    requestId,
    CustomerRef: { value: customer.Id },
    TxnDate: '2026-07-06',
    DocNumber: 'NODE-1',
    Line: [{
      Amount: 49.5,
      DetailType: 'SalesItemLineDetail',
      SalesItemLineDetail: { ItemRef: { value: '11' }, Qty: 1, UnitPrice: 49.5 },
    }],
  });
  const invoice = await call('createInvoice', body('node.1'));
  assert.equal((await call('createInvoice', body('node.1'))).Id, invoice.Id);
  await refused('6140', call('createInvoice', body('node.2')));
  const twin = await call('createInvoice', { ...body('node.3'), allowDuplicateDocNum: true });
  const updated = await call('updateInvoice', {
    Id: invoice.Id, SyncToken: invoice.SyncToken, sparse: true, PrivateNote: 'edited',
  });
  assert.equal(updated.PrivateNote, 'edited');
  const stale = { Id: invoice.Id, SyncToken: '0', PrivateNote: 'x' };
  await refused('5010', call('updateInvoice', stale));
  const payment = await call('createPayment', {
    CustomerRef: { value: customer.Id },
    TotalAmt: 49.5,
    TxnDate: '2026-07-06',
    Line: [{ Amount: 49.5, LinkedTxn: [{ TxnId: invoice.Id, TxnType: 'Invoice' }] }],
  });
  assert.equal((await call('getInvoice', invoice.Id)).Balance, 0);
  const voided = await call('updatePayment', { Id: payment.Id, SyncToken: '0', void: true });
  assert.equal(voided.TotalAmt, 0);
  await call('voidInvoice', invoice.Id);
  assert.equal((await call('getInvoice', invoice.Id)).TotalAmt, 0);
  await call('deleteInvoice', twin.Id);
  await refused('610', call('getInvoice', twin.Id));
  assert.match((await call('getInvoicePdf', invoice.Id)).toString(), /^%PDF/);
  return { customer, twin };
}

async function feeds(call, { customer, twin }) {
  const changes = await call('changeDataCapture', ['Invoice', 'Item'], '2026-07-06T09:30:00-07:00');
  const [invoices, items] = changes.CDCResponse[0].QueryResponse;
  assert.ok(invoices.Invoice.some((row) => row.Id === twin.Id && row.status === 'Deleted'));
  assert.deepEqual(items, {});
  const batch = await call('batch', [
    { bId: 'a', operation: 'create', Customer: { DisplayName: 'Node batch' } },
    { bId: 'b', operation: 'update', Customer: { Id: customer.Id, SyncToken: '7', sparse: true } },
    { bId: 'c', Query: 'select * from Term' },
  ]);
  const [made, stale, found] = batch.BatchItemResponse;
  assert.equal(made.Customer.DisplayName, 'Node batch');
  assert.equal(stale.Fault.Error[0].code, '5010');
  assert.equal(found.QueryResponse.Term.length, 5);
}

async function reports(call) {
  const aged = await call('reportAgedReceivables', { report_date: '2026-06-30' });
  assert.equal(aged.Rows.Row.at(-1).Summary.ColData.at(-1).value, '697803.36');
  const trial = await call('reportTrialBalance', { end_date: '2026-06-30' });
  const control = trial.Rows.Row.find((row) => row.ColData?.[0].id === '84');
  assert.equal(control.ColData[1].value, '699053.36');
}

const auth = await signIn();
const { client, call } = connect(auth.getToken());
await queries(call);
await feeds(call, await documents(call));
await reports(call);
await call('refreshAccessToken');
await auth.revoke({ refresh_token: client.refreshToken });
await assert.rejects(call('getCompanyInfo', settings.realm_id), (e) => e.response.status === 401);
console.log(JSON.stringify({ client: 'node-quickbooks', done: true }));
