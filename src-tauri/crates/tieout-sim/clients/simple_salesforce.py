"""Drives the Salesforce simulator with simple-salesforce, unmodified.

    pip install simple-salesforce
    python clients/simple_salesforce.py "$PLACES"

PLACES is the line that `cargo run -p tieout-sim --example serve -- cert.pem` prints: freshly
served, the sample company, with TLS, because this library speaks nothing else. Prints what was
done and exits 0 if every expectation held.
"""

import base64
import datetime
import hashlib
import json
import secrets
import sys
from html.parser import HTMLParser
from urllib.parse import parse_qs, urlsplit

# This file is called like the library: its own folder must not be searched for it.
sys.path.pop(0)

import requests  # noqa: E402
from simple_salesforce import Salesforce, format_soql  # noqa: E402
from simple_salesforce.exceptions import (  # noqa: E402
    SalesforceExpiredSession,
    SalesforceMalformedRequest,
    SalesforceMoreThanOneRecord,
    SalesforceResourceNotFound,
)

PLACES = json.loads(sys.argv[1])
ORG = PLACES["salesforce"]
CONTROL = PLACES["control_url"] + "/salesforce"
VERSION = "66.0"


def step(name):
    print(f"ok  {name}")


def same(found, expected):
    assert found == expected, f"found {found!r}, expected {expected!r}"


def raises(error, action):
    try:
        action()
    except error as raised:
        return raised
    raise AssertionError(f"{error.__name__} was expected")


def switch(**change):
    requests.post(CONTROL + "/switch", json=change).raise_for_status()


class ConsentForm(HTMLParser):
    """The hidden fields of the one form, and its buttons."""

    def __init__(self):
        super().__init__()
        self.action, self.fields, self.buttons = None, {}, []

    def handle_starttag(self, tag, attributes):
        attributes = dict(attributes)
        if tag == "form":
            self.action = attributes["action"]
        elif tag == "input":
            self.fields[attributes["name"]] = attributes["value"]
        elif tag == "button":
            self.buttons.append((attributes["name"], attributes["value"]))


def sign_in(http, base):
    """The whole web-server flow with PKCE, as a browser and an app would do it."""
    verifier = secrets.token_urlsafe(48)
    digest = hashlib.sha256(verifier.encode()).digest()
    asked = {
        "response_type": "code",
        "client_id": ORG["client_id"],
        "redirect_uri": ORG["redirect_uri"],
        "scope": "api refresh_token openid",
        "state": "xyz",
        "code_challenge": base64.urlsafe_b64encode(digest).rstrip(b"=").decode(),
        "code_challenge_method": "S256",
    }
    page = http.get(base + "/services/oauth2/authorize", params=asked)
    form = ConsentForm()
    form.feed(page.text)
    allow = dict([form.buttons[0]])
    back = http.post(base + form.action, data=form.fields | allow, allow_redirects=False)
    same(back.status_code, 302)
    back = parse_qs(urlsplit(back.headers["location"]).query)
    same(back["state"], ["xyz"])
    token = {
        "grant_type": "authorization_code",
        "code": back["code"][0],
        "client_id": ORG["client_id"],
        "redirect_uri": ORG["redirect_uri"],
        "code_verifier": verifier,
    }
    answer = http.post(base + "/services/oauth2/token", data=token)
    same(answer.status_code, 200)
    return answer.json()


def read(sf):
    same(sf.query("SELECT COUNT() FROM Opportunity")["totalSize"], 56)
    won = "SELECT Id, Amount, Account.Name FROM Opportunity WHERE IsWon = true ORDER BY Id"
    page = sf.query(won)
    same((page["totalSize"], page["done"], len(page["records"])), (53, True, 53))
    step("query")
    switch(page_rows=20)
    page = sf.query(won)
    same((page["done"], len(page["records"])), (False, 20))
    more = sf.query_more(page["nextRecordsUrl"], identifier_is_url=True)
    same(len(more["records"]), 20)
    locator = page["nextRecordsUrl"].rsplit("/", 1)[1]
    same(sf.query_more(locator)["records"], more["records"])
    same(len(sf.query_all(won)["records"]), 53)
    same(len(list(sf.query_all_iter(won))), 53)
    same(sf.query_all(won, include_deleted=True)["totalSize"], 53)
    switch(page_rows=2000)
    step("query_more, query_all, query_all_iter in pages of 20")
    soql = format_soql("SELECT Name FROM Account WHERE Name = {}", "O'Neil \\ Sons")
    same(sf.query(soql)["totalSize"], 0)
    soql = format_soql(
        "SELECT Name FROM Opportunity WHERE CloseDate IN {} ORDER BY Name",
        [datetime.date(2026, 6, 30), datetime.date(2026, 6, 26)],
    )
    names = [row["Name"] for row in sf.query(soql)["records"]]
    same(names, ["Cloud Standard from Sept", "Flare stack sensors"])
    moment = datetime.datetime(2026, 7, 2, tzinfo=datetime.timezone.utc)
    soql = format_soql("SELECT Name FROM Opportunity WHERE LastStageChangeDate > {}", moment)
    same(sf.query(soql)["records"][0]["Name"], "Flare stack sensors")
    step("format_soql with quotes, dates and moments")
    rows = sf.query(
        "SELECT CurrencyIsoCode, COUNT(Id) n, SUM(Tieout_Amount_Number__c) s FROM Opportunity "
        "WHERE IsWon = true GROUP BY CurrencyIsoCode ORDER BY CurrencyIsoCode"
    )["records"]
    found = [(row["CurrencyIsoCode"], row["n"], row["s"]) for row in rows]
    same(found, [("EUR", 3, 113500.0), ("GBP", 11, 428100.0), ("USD", 39, 3173150.0)])
    step("control totals per currency")


def describe(sf):
    same(sf.describe()["maxBatchSize"], 200)
    fields = {field["name"]: field for field in sf.Opportunity.describe()["fields"]}
    same(fields["Amount"]["type"], "currency")
    same(fields["Tieout_Amount_Number__c"]["calculated"], True)
    same(sf.Account.metadata()["objectDescribe"]["keyPrefix"], "001")
    same(sf.limits()["DailyApiRequests"]["Max"], 15000)
    same(sf.is_sandbox(), False)
    same(sf.api_usage["api-usage"].total, 15000)
    step("describe, metadata, limits, is_sandbox, api_usage")


def write(sf):
    made = sf.Account.create({"Name": "Made by Python", "CurrencyIsoCode": "EUR"})
    same((made["success"], made["errors"]), (True, []))
    account = made["id"]
    same(sf.Account.update(account, {"Site": "Berlin"}), 204)
    same(sf.Account.get(account)["Site"], "Berlin")
    same(sf.Account.delete(account), 204)
    raises(SalesforceResourceNotFound, lambda: sf.Account.get(account))
    step("create, update, get, delete")
    key = "Tieout_External_Id__c/PY-1"
    same(sf.Product2.upsert(key, {"Name": "Python product"}), 201)
    same(sf.Product2.upsert(key, {"Name": "Python product 2"}), 200)
    same(sf.Product2.get_by_custom_id("Tieout_External_Id__c", "PY-1")["Name"], "Python product 2")
    step("upsert and get by external id")
    now = requests.get(CONTROL + "/clock").json()["now"]
    now = datetime.datetime.fromisoformat(now.replace("Z", "+00:00"))
    requests.post(CONTROL + "/clock", json={"advance_secs": 120}).raise_for_status()
    window = (now - datetime.timedelta(hours=1), now + datetime.timedelta(minutes=2))
    same([row["id"] for row in sf.Account.deleted(*window)["deletedRecords"]], [account])
    same(len(sf.Product2.updated(*window)["ids"]), 1)
    step("deleted, updated")


def several(sf):
    rows = [{"attributes": {"type": "Product2"}, "Name": f"P{at}"} for at in range(3)]
    rows.append({"attributes": {"type": "Product2"}})
    answer = sf.restful(
        "composite/sobjects", method="POST", json={"allOrNone": False, "records": rows}
    )
    same([row["success"] for row in answer], [True, True, True, False])
    same(answer[3]["errors"][0]["statusCode"], "REQUIRED_FIELD_MISSING")
    root = f"/services/data/v{VERSION}"
    parts = [
        {"method": "POST", "url": f"{root}/sobjects/Account", "referenceId": "acc",
         "body": {"Name": "Composite"}},
        {"method": "POST", "url": f"{root}/sobjects/Task", "referenceId": "task",
         "body": {"WhatId": "@{acc.id}", "Subject": "Call"}},
    ]
    answer = sf.restful(
        "composite", method="POST", json={"allOrNone": True, "compositeRequest": parts}
    )
    same([part["httpStatusCode"] for part in answer["compositeResponse"]], [201, 201])
    count = sf.restful("limits/recordCount", {"sObjects": "Account"})
    same(count["sObjects"][0], {"count": 15, "name": "Account"})
    step("collections, composite, record counts")


def refusals(sf, http):
    error = raises(SalesforceMalformedRequest, lambda: sf.query("SELECT Nope FROM Account"))
    same(error.content[0]["errorCode"], "INVALID_FIELD")
    error = raises(SalesforceMalformedRequest, lambda: sf.Account.create({}))
    same(error.content[0]["errorCode"], "REQUIRED_FIELD_MISSING")
    switch(extra_fields=[
        "Opportunity.Reference__c: string(40) cun",
        "Account.Code__c: string(10) cun external",
    ])
    for _ in range(2):
        sf.Account.create({"Name": "Twin", "Code__c": "x"})
    raises(SalesforceMoreThanOneRecord, lambda: sf.Account.upsert("Code__c/x", {"Name": "y"}))
    stale = Salesforce(
        session_id="nonsense", instance_url=ORG["tls_base_url"], version=VERSION, session=http
    )
    error = raises(SalesforceExpiredSession, lambda: stale.query("SELECT Id FROM Account"))
    same(error.content[0]["errorCode"], "INVALID_SESSION_ID")
    step("refusals become the library's own errors")


def main():
    http = requests.Session()
    # A certificate bundle or proxy in the environment would win over what follows.
    http.trust_env = False
    http.verify = ORG["certificate"]
    token = sign_in(http, ORG["tls_base_url"])
    same(token["instance_url"], ORG["tls_base_url"])
    step("sign-in with PKCE over TLS")
    sf = Salesforce(
        session_id=token["access_token"],
        instance_url=token["instance_url"],
        version=VERSION,
        session=http,
    )
    read(sf)
    describe(sf)
    write(sf)
    several(sf)
    refusals(sf, http)
    print("simple-salesforce: all expectations held")


if __name__ == "__main__":
    main()
