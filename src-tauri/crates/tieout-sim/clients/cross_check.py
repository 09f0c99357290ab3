"""Real client libraries read what Tieout wrote, and Tieout reads what they wrote.

    python -m venv venv
    venv/bin/pip install python-quickbooks==0.9.12 intuit-oauth==1.2.6 simple-salesforce==1.12.10
    cargo build -p tieout-cli
    target/debug/tieout sandbox serve --tls-certificate cert.pem > places.json &
    venv/bin/python src-tauri/crates/tieout-sim/clients/cross_check.py \
        target/debug/tieout cert.pem "$(cat places.json)"

The sandbox must be fresh: the sample company as it stands in its story. The workspace is made in a
temporary folder. At QuickBooks a new sign-in of the same app ends the earlier one, so Tieout and
python-quickbooks take turns. Prints what was done and exits 0 if every expectation held.
"""

import json
import os
import subprocess
import sys
import tempfile
from decimal import Decimal
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import parse_qs, urljoin, urlsplit

# The folder of this file holds scripts that are called like the libraries.
sys.path.pop(0)
os.environ["OAUTHLIB_INSECURE_TRANSPORT"] = "1"

import requests  # noqa: E402
from intuitlib.client import AuthClient  # noqa: E402
from intuitlib.enums import Scopes  # noqa: E402
from quickbooks import QuickBooks  # noqa: E402
from quickbooks.objects.base import LinkedTxn  # noqa: E402
from quickbooks.objects.customer import Customer  # noqa: E402
from quickbooks.objects.detailline import SalesItemLine, SalesItemLineDetail  # noqa: E402
from quickbooks.objects.invoice import Invoice  # noqa: E402
from quickbooks.objects.item import Item  # noqa: E402
from quickbooks.objects.payment import Payment, PaymentLine  # noqa: E402
from simple_salesforce import Salesforce  # noqa: E402

PROGRAM, CERTIFICATE = str(Path(sys.argv[1]).resolve()), str(Path(sys.argv[2]).resolve())
PLACES = json.loads(sys.argv[3])
BOOKS, ORG = PLACES["quickbooks"], PLACES["salesforce"]
# Won, not invoiced, with known items and customer: D-1041 and D-1040 of the story.
DEAL, BY_HAND = "006Hs00000000GjIAI", "006Hs00000000GhIAI"
REDIRECT = "http://localhost:8765/cb"


def step(name):
    print(f"ok  {name}")


def same(found, expected):
    assert found == expected, f"found {found!r}, expected {expected!r}"


class Tieout:
    """The program in a workspace of its own."""

    def __init__(self, folder):
        self.folder = str(folder)
        self.environment = os.environ | {"TIEOUT_PASSPHRASE": "cross check"}
        self.environment["TIEOUT_CLIENT_SECRET"] = BOOKS["client_secret"]

    def command(self, *arguments):
        return [PROGRAM, *arguments, "--workspace", self.folder, "--json"]

    def __call__(self, *arguments, exits=0):
        ran = subprocess.run(
            self.command(*arguments), env=self.environment, capture_output=True, text=True
        )
        assert ran.returncode == exits, f"{arguments}: {ran.returncode}\n{ran.stdout}{ran.stderr}"
        return json.loads(ran.stdout)

    def connect(self, brand):
        place = PLACES[brand]
        flags = ["--base-url", place["base_url"], "--client-id", place["client_id"], "--print-url"]
        with subprocess.Popen(
            self.command("connect", brand, *flags),
            env=self.environment,
            stdout=subprocess.PIPE,
            text=True,
        ) as program:
            address = json.loads(program.stdout.readline())["authorize_url"]
            redirect = allowed(address)
            assert "You can close this window" in requests.get(redirect).text
            program.stdout.read()
        same(program.returncode, 0)


class ConsentPage(HTMLParser):
    """The first form of a page, with its first button pressed."""

    def __init__(self):
        super().__init__()
        self.action, self.fields, self.is_done = None, {}, False

    def handle_starttag(self, tag, attributes):
        attributes = dict(attributes)
        if self.is_done:
            return
        if tag == "form":
            self.action = attributes["action"]
        elif tag in ("input", "button") and "name" in attributes:
            self.fields[attributes["name"]] = attributes["value"]
        self.is_done = tag == "button"


def allowed(address):
    """Where the browser is sent once the person has pressed Allow."""
    page = ConsentPage()
    page.feed(requests.get(address).text)
    target = urljoin(address, page.action)
    answer = requests.post(target, data=page.fields, allow_redirects=False)
    same(answer.status_code, 302)
    return answer.headers["location"]


def quickbooks_client():
    discovery = BOOKS["base_url"] + "/.well-known/openid_sandbox_configuration"
    auth = AuthClient(BOOKS["client_id"], BOOKS["client_secret"], REDIRECT, discovery)
    redirect = allowed(auth.get_authorization_url([Scopes.ACCOUNTING]))
    back = parse_qs(urlsplit(redirect).query)
    auth.get_bearer_token(back["code"][0], realm_id=back["realmId"][0])
    QuickBooks.api_url_v3 = QuickBooks.sandbox_api_url_v3 = BOOKS["base_url"] + "/v3"
    return QuickBooks(
        auth_client=auth,
        refresh_token=auth.refresh_token,
        company_id=BOOKS["realm_id"],
        minorversion=75,
        use_decimal=True,
    )


def salesforce_client():
    http = requests.Session()
    # A certificate bundle or proxy in the environment would win over what follows.
    http.trust_env = False
    http.verify = CERTIFICATE
    return Salesforce(
        session_id=ORG["access_token"],
        instance_url=ORG["tls_base_url"],
        version="66.0",
        session=http,
    )


def money(value):
    return Decimal(value["amount"])


def receivable(tieout):
    return money(tieout("ar")["totals"][0]["receivable"])


def planned(tieout, deal, exits=0):
    return tieout("create", "--dry-run", deal, exits=exits)["deals"][0]


def tieout_creates(tieout):
    created = tieout("create", DEAL)
    same(created["created"], 1)
    deal = created["deals"][0]
    effect = tieout("effects", "--key", deal["key"])["effects"][0]
    same(effect["state"], "confirmed")
    return deal, effect["result_id"]


def the_library_reads(client, deal, invoice_id):
    invoice = Invoice.get(invoice_id, qb=client)
    assert deal["key"] in invoice.PrivateNote, invoice.PrivateNote
    same((invoice.TotalAmt, invoice.Balance), (money(deal["net"]), money(deal["net"])))
    same(invoice.CustomerRef.name, "Sable Point Energy")
    sales = [line for line in invoice.Line if line.DetailType == "SalesItemLineDetail"]
    same(sum(line.Amount for line in sales), invoice.TotalAmt)
    items = [Item.get(line.SalesItemLineDetail.ItemRef.value, qb=client) for line in sales]
    same(len([item.Sku for item in items if item.Sku]), 3)
    found = Invoice.filter(DocNumber=invoice.DocNumber, qb=client)
    same([row.Id for row in found], [invoice.Id])
    step(f"python-quickbooks reads invoice {invoice.DocNumber}, which Tieout created")
    return invoice


def the_library_is_paid(client, invoice):
    payment = Payment()
    payment.CustomerRef = invoice.CustomerRef
    payment.TotalAmt = 12700
    line, linked = PaymentLine(), LinkedTxn()
    line.Amount = 12700
    linked.TxnId, linked.TxnType = invoice.Id, "Invoice"
    line.LinkedTxn.append(linked)
    payment.Line.append(line)
    payment.save(qb=client)
    same(Invoice.get(invoice.Id, qb=client).Balance, Decimal(40000))


def tieout_sees_the_payment(tieout):
    after = tieout("resync", DEAL)["after"]
    same((money(after["collected"]), money(after["open"])), (Decimal(12700), Decimal(40000)))
    same(after["billing"], "BILLED")
    step("Tieout sees the part payment that python-quickbooks made")


def the_library_creates(client, net):
    customer = Customer.filter(DisplayName="Harrow Creek Water District", qb=client)[0]
    invoice = Invoice()
    invoice.CustomerRef = customer.to_ref()
    line = SalesItemLine()
    line.Amount = net
    line.SalesItemLineDetail = SalesItemLineDetail()
    line.SalesItemLineDetail.ItemRef = Item.filter(Sku="CLOUD-STD", qb=client)[0].to_ref()
    invoice.Line.append(line)
    invoice.PrivateNote = "typed by a clerk for D-1040"
    return invoice.save(qb=client), Invoice.count(qb=client)


def tieout_sees_the_invoice(tieout, invoice, count, before):
    read = tieout("sync")
    ever = [it for it in read["completeness"] if it["to"] == "2199-12-31"]
    counted = [it for it in ever if it["measure"] == "invoices"][0]
    same((counted["held_count"], counted["source_count"]), (count, count))
    same(receivable(tieout) - before, invoice.TotalAmt)
    blocked = planned(tieout, BY_HAND, exits=1)
    same(blocked["outcome"], "blocked")
    same(tieout("create", BY_HAND, exits=1)["created"], 0)
    reason = blocked["gates"][0]["code"]
    step(f"Tieout sees invoice {invoice.DocNumber}, which python-quickbooks created ({reason})")


def the_library_reads_figures(tieout, org, invoice):
    tieout("sync")
    deal = tieout("resync", DEAL)["after"]
    row = org.Opportunity.get(DEAL)
    same(row["Tieout_Billing_Status__c"], deal["billing"])
    same(row["Tieout_Cash_Status__c"], deal["cash"])
    same(row["Tieout_Invoice_Numbers__c"], invoice.DocNumber)
    same(Decimal(str(row["Tieout_Billed_Net__c"])), money(deal["billed"]))
    same(Decimal(str(row["Tieout_Collected__c"])), money(deal["collected"]))
    same(Decimal(str(row["Tieout_Open__c"])), money(deal["open"]))
    assert row["Tieout_Run_Id__c"].startswith("run-"), row["Tieout_Run_Id__c"]
    today = row["Tieout_As_Of__c"]
    for account in tieout("ar", "--as-of", today)["accounts"]:
        if account["account_id"]:
            found = org.Account.get(account["account_id"])
            balance = Decimal(str(found["Tieout_AR_Balance__c"]))
            same(balance, money(account["aging"]["receivable"]))
    step("simple-salesforce reads the figures that Tieout wrote back")


def tieout_sees_the_change(tieout, org):
    org.Opportunity.update(DEAL, {"Name": "Flare stack sensors, second lot"})
    after = tieout("resync", DEAL)["after"]
    same(after["name"], "Flare stack sensors, second lot")
    step("Tieout sees the name that simple-salesforce changed")


def main():
    org = salesforce_client()
    with tempfile.TemporaryDirectory() as folder:
        tieout = Tieout(Path(folder) / "workspace")
        tieout.connect("salesforce")
        tieout.connect("quickbooks")
        tieout("sync")
        tieout("connections", "--allow-writing", "quickbooks")
        tieout("connections", "--allow-writing", "salesforce")
        deal, invoice_id = tieout_creates(tieout)

        client = quickbooks_client()
        invoice = the_library_reads(client, deal, invoice_id)
        the_library_is_paid(client, invoice)
        before = Invoice.count(qb=client)

        tieout.connect("quickbooks")
        tieout_sees_the_payment(tieout)
        tieout("sync")
        owed = receivable(tieout)
        by_hand = planned(tieout, BY_HAND)
        same(by_hand["outcome"], "ready")

        client = quickbooks_client()
        typed, count = the_library_creates(client, money(by_hand["net"]))
        same(count, before + 1)

        tieout.connect("quickbooks")
        tieout_sees_the_invoice(tieout, typed, count, owed)
        the_library_reads_figures(tieout, org, invoice)
        tieout_sees_the_change(tieout, org)
        same(tieout("create", DEAL, exits=1)["created"], 0)
        tieout("verify")
        same(Invoice.count(qb=quickbooks_client()), before + 1)
    step("one invoice by Tieout, one by hand, none twice")


main()
