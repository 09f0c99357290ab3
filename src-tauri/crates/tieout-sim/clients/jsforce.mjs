// Drives the Salesforce simulator with jsforce, unmodified.
//
//     npm install jsforce        (anywhere; run from there)
//     node clients/jsforce.mjs "$PLACES"
//
// PLACES is the line that `cargo run -p tieout-sim --example serve` prints: freshly served, the
// sample company. Prints what was done and exits 0 if every expectation held.

import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import path from 'node:path';

// The library is looked for where the script is run, not where it lies.
const require = createRequire(path.join(process.cwd(), 'package.json'));
const jsforce = require('jsforce');

const places = JSON.parse(process.argv[2]);
const org = places.salesforce;
const control = `${places.control_url}/salesforce`;

const step = (name) => console.log(`ok  ${name}`);

async function tell(resource, body) {
  const answer = await fetch(control + resource, { method: 'POST', body: JSON.stringify(body) });
  assert.equal(answer.status, 200, await answer.clone().text());
  return answer.json();
}

const change = (switches) => tell('/switch', switches);

/** Opens the consent page, presses Allow, and gives the code of the callback. */
async function consent(url) {
  const page = await (await fetch(url)).text();
  const form = new URLSearchParams({ decision: 'allow' });
  const hidden = /<input type="hidden" name="(\w+)" value="([^"]*)"/g;
  for (const [, name, value] of page.matchAll(hidden)) {
    form.set(name, value.replaceAll('&amp;', '&').replaceAll('&quot;', '"'));
  }
  const answer = await fetch(`${org.base_url}/services/oauth2/authorize`, {
    method: 'POST', body: form, redirect: 'manual',
  });
  assert.equal(answer.status, 302);
  const back = new URL(answer.headers.get('location'));
  assert.equal(back.searchParams.get('state'), 'xyz');
  return back.searchParams.get('code');
}

async function signIn() {
  const oauth2 = new jsforce.OAuth2({
    loginUrl: org.base_url,
    clientId: org.client_id,
    redirectUri: org.redirect_uri,
    useVerifier: true,
  });
  const url = oauth2.getAuthorizationUrl({ scope: 'api refresh_token openid', state: 'xyz' });
  const connection = new jsforce.Connection({ oauth2, version: '66.0' });
  const user = await connection.authorize(await consent(url));
  assert.equal(user.organizationId, '00DHs00000AbCdEMAV');
  assert.equal(connection.instanceUrl, org.base_url);
  assert.ok(connection.refreshToken);
  step('authorize with PKCE');
  return connection;
}

async function identity(connection) {
  const identity = await connection.identity();
  assert.equal(identity.username, org.username);
  assert.equal((await connection.limits()).DailyApiRequests.Max, 15000);
  assert.equal(connection.limitInfo.apiUsage.limit, 15000);
  const versions = await connection.request('/services/data');
  assert.ok(versions.some((row) => row.version === '66.0'));
  step('identity, limits, limitInfo, versions');
}

async function read(connection) {
  const won = 'SELECT Id, Amount, Account.Name FROM Opportunity WHERE IsWon = true ORDER BY Id';
  assert.equal((await connection.query(won)).totalSize, 53);
  await change({ page_rows: 20 });
  const first = await connection.query(won);
  assert.deepEqual([first.done, first.records.length], [false, 20]);
  const second = await connection.queryMore(first.nextRecordsUrl);
  assert.equal(second.records.length, 20);
  const all = await connection.query(won, { autoFetch: true, maxFetch: 1000 });
  assert.equal(all.records.length, 53);
  const deleted = await connection.query(won, { autoFetch: true, maxFetch: 1000, scanAll: true });
  assert.equal(deleted.records.length, 53);
  await change({ page_rows: 2000 });
  step('query, queryMore, autoFetch and scanAll in pages of 20');
  const since = jsforce.SfDate.toDateLiteral('2026-06-30');
  const rows = await connection.sobject('Opportunity')
    .find({ IsWon: true, CloseDate: { $gte: since } }, ['Name'])
    .sort({ Name: 1 }).limit(5).execute();
  assert.deepEqual(rows.map((row) => row.Name), ['Flare stack sensors']);
  assert.equal(await connection.sobject('Opportunity').count({ IsWon: true }), 53);
  step('find, sort, limit, count');
}

async function childPages(connection) {
  await change({ child_page_rows: 3 });
  // jsforce looks for paged children at the first record, so the paged one stands first here.
  const result = await connection.query(
    'SELECT Name, (SELECT ProductCode FROM OpportunityLineItems ORDER BY SortOrder) '
    + "FROM Opportunity WHERE Reference__c = 'D-1024'",
  );
  const lines = result.records[0].OpportunityLineItems;
  assert.deepEqual([lines.totalSize, lines.done], [4, false]);
  const rest = await connection.queryMore(lines.nextRecordsUrl);
  assert.equal(rest.records[0].ProductCode, 'AQ-ONB-PKG');
  await change({ child_page_rows: 200 });
  step('child pages');
}

async function describe(connection) {
  const global = await connection.describeGlobal();
  assert.ok(global.sobjects.some((row) => row.name === 'Tieout_Ledger_Account__c'));
  const opportunity = await connection.sobject('Opportunity').describe();
  const amount = opportunity.fields.find((row) => row.name === 'Amount');
  assert.equal(amount.type, 'currency');
  const several = await connection.batchDescribe?.({ types: ['Account', 'Product2'] });
  if (several) assert.deepEqual(several.map((row) => row.name), ['Account', 'Product2']);
  step('describeGlobal, describe, batchDescribe');
}

async function write(connection) {
  const accounts = connection.sobject('Account');
  const made = await accounts.create({ Name: 'Made by JavaScript' });
  assert.equal(made.success, true);
  await accounts.update({ Id: made.id, Site: 'Berlin' });
  assert.equal((await accounts.retrieve(made.id)).Site, 'Berlin');
  const several = await accounts.create([{ Name: 'a' }, {}, { Name: 'c' }]);
  assert.deepEqual(several.map((row) => row.success), [true, false, true]);
  assert.equal(several[1].errors[0].statusCode, 'REQUIRED_FIELD_MISSING');
  const ids = [several[0].id, several[2].id];
  const changed = await accounts.update(ids.map((Id) => ({ Id, Site: 'x' })));
  assert.ok(changed.every((row) => row.success));
  const read = await accounts.retrieve(ids);
  assert.deepEqual(read.map((row) => row.Site), ['x', 'x']);
  const gone = await accounts.destroy([...ids, made.id]);
  assert.ok(gone.every((row) => row.success));
  step('create, update, retrieve, destroy: one and several');

  const products = connection.sobject('Product2');
  const key = 'Tieout_External_Id__c';
  const first = await products.upsert({ [key]: 'JS-1', Name: 'one' }, key);
  assert.equal(first.created, true);
  const rows = [{ [key]: 'JS-1', Name: 'two' }, { [key]: 'JS-2', Name: 'three' }];
  const again = await products.upsert(rows, key);
  assert.deepEqual(again.map((row) => row.created), [false, true]);
  step('upsert by external id: one and several');

  const { now } = await (await fetch(`${control}/clock`)).json();
  await tell('/clock', { advance_secs: 120 });
  const start = new Date(Date.parse(now) - 3600e3).toISOString();
  const end = new Date(Date.parse(now) + 120e3).toISOString();
  assert.equal((await accounts.deleted(start, end)).deletedRecords.length, 3);
  assert.equal((await products.updated(start, end)).ids.length, 2);
  step('deleted, updated');
}

async function composite(connection) {
  const root = '/services/data/v66.0';
  const post = (object, referenceId, body) => (
    { method: 'POST', url: `${root}/sobjects/${object}`, referenceId, body }
  );
  const answer = await connection.requestPost(`${root}/composite`, {
    allOrNone: true,
    compositeRequest: [
      post('Account', 'acc', { Name: 'Composite' }),
      post('Task', 'task', { WhatId: '@{acc.id}', Subject: 'Call' }),
    ],
  });
  assert.deepEqual(answer.compositeResponse.map((part) => part.httpStatusCode), [201, 201]);
  step('composite');
}

async function refusals(connection) {
  const accounts = connection.sobject('Account');
  const refused = (call, errorCode) => assert.rejects(call, { errorCode });
  await refused(connection.query('SELECT Nope FROM Account'), 'INVALID_FIELD');
  await refused(accounts.create({}), 'REQUIRED_FIELD_MISSING');
  await refused(accounts.retrieve('001Hs00000000zz'), 'NOT_FOUND');
  step('refusals become the library\'s own errors');
}

async function rotation(connection) {
  const before = { access: connection.accessToken, refresh: connection.refreshToken };
  const ended = await fetch(`${control}/session`, { method: 'DELETE' });
  assert.equal(ended.status, 200);
  // The library meets a 401, refreshes, and replays.
  assert.equal((await connection.query('SELECT COUNT() FROM Opportunity')).totalSize, 56);
  assert.notEqual(connection.accessToken, before.access);
  step('401, refresh, replay');
  const answer = await connection.oauth2.refreshToken(before.refresh).catch((error) => error);
  assert.equal(answer.name, 'invalid_grant');
  step('a rotated-out refresh token is dead');
}

async function revoke() {
  const connection = await signIn();
  await connection.logout(true);
  step('logout revokes');
}

const connection = await signIn();
await identity(connection);
await read(connection);
await childPages(connection);
await describe(connection);
await write(connection);
await composite(connection);
await refusals(connection);
await rotation(connection);
await revoke();
console.log('jsforce: all expectations held');
