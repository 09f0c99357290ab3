"""Drives the QuickBooks simulator with the unmodified public Python clients.

Needs `pip install python-quickbooks==0.9.12 intuit-oauth==1.2.6`. The only argument is the JSON
line that `cargo run -p tieout-sim --example serve` prints.
"""

import json
import os
import sys
from decimal import Decimal
from html.parser import HTMLParser
from urllib.parse import parse_qs, urlparse

os.environ["OAUTHLIB_INSECURE_TRANSPORT"] = "1"

import requests
from intuitlib.client import AuthClient
from intuitlib.enums import Scopes
from intuitlib.exceptions import AuthClientError
from quickbooks import QuickBooks, exceptions
from quickbooks.batch import batch_create, batch_delete, batch_update
from quickbooks.cdc import change_data_capture
from quickbooks.objects.base import CustomField, LinkedTxn
from quickbooks.objects.company_info import CompanyInfo
from quickbooks.objects.creditmemo import CreditMemo
from quickbooks.objects.customer import Customer
from quickbooks.objects.deposit import Deposit, DepositLine
from quickbooks.objects.detailline import (
    DiscountLine,
    DiscountLineDetail,
    SalesItemLine,
    SalesItemLineDetail,
)
from quickbooks.objects.invoice import Invoice
from quickbooks.objects.item import Item
from quickbooks.objects.payment import Payment, PaymentLine
from quickbooks.objects.preferences import Preferences
from quickbooks.objects.term import Term

SETTINGS = json.loads(sys.argv[1])
SETTINGS = SETTINGS.get("quickbooks", SETTINGS)
REDIRECT = SETTINGS.get("redirect_uri", "http://localhost:8765/cb")
BASE = SETTINGS["base_url"]


class Forms(HTMLParser):
    """Collects the forms of the consent page."""

    def __init__(self):
        super().__init__()
        self.forms = {}
        self.current = None

    def handle_starttag(self, tag, attrs):
        attrs = dict(attrs)
        if tag == "form":
            self.current = {"action": attrs["action"], "fields": {}}
            self.forms[attrs["id"]] = self.current
        if tag == "input" and self.current is not None:
            self.current["fields"][attrs["name"]] = attrs["value"]


def sign_in():
    discovery = BASE + "/.well-known/openid_sandbox_configuration"
    auth = AuthClient(SETTINGS["client_id"], SETTINGS["client_secret"], REDIRECT, discovery)
    url = auth.get_authorization_url([Scopes.ACCOUNTING])
    page = Forms()
    page.feed(requests.get(url).text)
    allow = page.forms["allow"]
    answer = requests.post(BASE + allow["action"], data=allow["fields"], allow_redirects=False)
    assert answer.status_code == 302, answer.text
    back = parse_qs(urlparse(answer.headers["location"]).query)
    assert back["state"] == [auth.state_token]
    assert back["realmId"] == [SETTINGS["realm_id"]]
    auth.get_bearer_token(back["code"][0], realm_id=back["realmId"][0])
    before = auth.access_token
    auth.refresh()
    assert auth.access_token != before
    return auth


def connect(auth):
    QuickBooks.api_url_v3 = QuickBooks.sandbox_api_url_v3 = BASE + "/v3"
    return QuickBooks(
        auth_client=auth,
        refresh_token=auth.refresh_token,
        company_id=SETTINGS["realm_id"],
        minorversion=75,
        use_decimal=True,
    )


def sales_line(item, amount):
    line = SalesItemLine()
    line.Amount = amount
    line.SalesItemLineDetail = SalesItemLineDetail()
    line.SalesItemLineDetail.ItemRef = item.to_ref()
    return line


def new_invoice(customer, item, amount):
    invoice = Invoice()
    invoice.CustomerRef = customer.to_ref()
    invoice.TxnDate = "2026-07-06"
    invoice.Line.append(sales_line(item, amount))
    return invoice


def expect(error, code, act):
    try:
        act()
    except error as refused:
        assert refused.error_code == code, refused
    else:
        raise AssertionError(f"expected {code}")


def company(client):
    info = CompanyInfo.get(SETTINGS["realm_id"], qb=client)
    assert info.CompanyName == "Alder Quay Instruments, Inc.", info.CompanyName
    assert Preferences.get(qb=client).CurrencyPrefs.HomeCurrency.value == "USD"
    assert Invoice.count(qb=client) == 39
    assert len(Invoice.all(max_results=10, qb=client)) == 10
    assert len(Item.all(qb=client)) == 12
    assert len(Term.all(order_by="Name", qb=client)) == 5
    assert Customer.filter(Active=True, DisplayName="Quillan Pharma", qb=client)[0].Id == "133"
    assert len(Customer.choose(["104", "111"], qb=client)) == 2
    return info


def customers(client):
    customer = Customer()
    customer.DisplayName = "O'Brien & Sons"
    customer.CompanyName = "O'Brien & Sons"
    customer = customer.save(qb=client)
    found = Customer.filter(DisplayName="O'Brien & Sons", qb=client)
    assert [row.Id for row in found] == [customer.Id]
    customer.Notes = "changed"
    customer = customer.save(qb=client)
    assert (customer.SyncToken, customer.Notes) == ("1", "changed")
    twin = Customer()
    twin.DisplayName = "o'brien & sons"
    expect(exceptions.QuickbooksException, 6240, lambda: twin.save(qb=client))
    expect(exceptions.ObjectNotFoundException, 610, lambda: Customer.get(99999, qb=client))
    return customer


def invoices(client, customer):
    item = Item.filter(Sku="SENS-100", qb=client)[0]
    invoice = new_invoice(customer, item, 100)
    invoice.PrivateNote = "tieout:TIE-EXAMPLE"
    field = CustomField()
    field.DefinitionId, field.Type, field.StringValue = "1", "StringType", "006Hs"
    invoice.CustomField.append(field)
    discount = DiscountLine()
    discount.DiscountLineDetail = DiscountLineDetail()
    discount.DiscountLineDetail.PercentBased = True
    discount.DiscountLineDetail.DiscountPercent = 10
    invoice.Line.append(discount)
    saved = invoice.save(qb=client, request_id="py.1")
    assert (saved.DocNumber, saved.TotalAmt) == ("2290", Decimal("90.00")), saved.to_json()
    again = new_invoice(customer, item, 100).save(qb=client, request_id="py.1")
    assert again.Id == saved.Id
    saved.PrivateNote = "edited"
    updated = saved.save(qb=client)
    assert (updated.SyncToken, updated.PrivateNote, updated.TotalAmt) == (
        "1",
        "edited",
        Decimal("90.00"),
    )
    stale = saved
    stale.SyncToken = "0"
    expect(exceptions.QuickbooksException, 5010, lambda: stale.save(qb=client))
    return updated


def payments(client, customer, invoice):
    payment = Payment()
    payment.CustomerRef = customer.to_ref()
    payment.TotalAmt = 60
    payment.TxnDate = "2026-07-06"
    line = PaymentLine()
    line.Amount = 60
    linked = LinkedTxn()
    linked.TxnId, linked.TxnType = invoice.Id, "Invoice"
    line.LinkedTxn.append(linked)
    payment.Line.append(line)
    payment = payment.save(qb=client)
    assert Invoice.get(invoice.Id, qb=client).Balance == Decimal("30.00")
    payment.void(qb=client)
    assert Payment.get(payment.Id, qb=client).TotalAmt == 0
    assert Invoice.get(invoice.Id, qb=client).Balance == Decimal("90.00")

    banked = Payment()
    banked.CustomerRef = customer.to_ref()
    banked.TotalAmt = 20
    banked.TxnDate = "2026-07-06"
    banked = banked.save(qb=client)
    deposit = Deposit()
    deposit.DepositToAccountRef = {"value": "35"}
    deposit.TxnDate = "2026-07-06"
    row = DepositLine()
    row.Amount = 20
    link = LinkedTxn()
    link.TxnId, link.TxnType = banked.Id, "Payment"
    row.LinkedTxn.append(link)
    deposit.Line.append(row)
    deposit = deposit.save(qb=client)
    assert deposit.TotalAmt == Decimal("20.00")

    credit = CreditMemo()
    credit.CustomerRef = customer.to_ref()
    credit.TxnDate = "2026-07-06"
    credit.Line.append(sales_line(Item.filter(Sku="ADJ", qb=client)[0], 5))
    assert credit.save(qb=client).RemainingCredit == Decimal("5.00")


def undo(client, invoice):
    invoice = Invoice.get(invoice.Id, qb=client)
    voided = invoice.void(qb=client)["Invoice"]
    assert voided["TotalAmt"] == 0 and voided["PrivateNote"].startswith("Voided"), voided
    gone = Invoice.get(invoice.Id, qb=client)
    gone.delete(qb=client)
    expect(exceptions.ObjectNotFoundException, 610, lambda: Invoice.get(gone.Id, qb=client))


def feed(client, invoice):
    changes = change_data_capture(
        [Invoice, Customer, Payment, Item], "2026-07-06T09:00:00-07:00", qb=client
    )
    deleted = [row for row in changes.Invoice if getattr(row, "status", "") == "Deleted"]
    assert [row.Id for row in deleted] == [invoice.Id]
    assert not hasattr(changes, "Item")


def batches(client):
    rows = []
    for name in ["Batch one", "Batch two", "Quillan Pharma"]:
        row = Customer()
        row.DisplayName = name
        rows.append(row)
    made = batch_create(rows, qb=client)
    assert (len(made.successes), len(made.faults)) == (2, 1), made.faults
    assert made.faults[0].Error[0].code == "6240"
    for row in made.successes:
        row.Notes = "by batch"
    assert len(batch_update(made.successes, qb=client).successes) == 2
    item = Item.filter(Sku="SHIP", qb=client)[0]
    invoice = new_invoice(made.successes[0], item, 1).save(qb=client)
    assert len(batch_delete([invoice], qb=client).successes) == 1


def reports(client):
    aged = client.get_report("AgedReceivables", {"report_date": "2026-06-30"})
    total = aged["Rows"]["Row"][-1]["Summary"]["ColData"][-1]["value"]
    assert total == "697803.36", total
    listed = client.get_report(
        "TransactionList",
        {"start_date": "2026-06-01", "end_date": "2026-06-30", "transaction_type": "Invoice"},
    )
    amounts = [Decimal(row["ColData"][-1]["value"]) for row in listed["Rows"]["Row"]]
    assert (len(amounts), sum(amounts)) == (13, Decimal("354059.76")), amounts


def sign_out(auth, client):
    assert auth.revoke()
    expect(exceptions.AuthorizationException, 401, lambda: Invoice.count(qb=client))
    try:
        auth.refresh()
    except AuthClientError as refused:
        assert refused.status_code == 400
    else:
        raise AssertionError("a revoked token was refreshed")


def main():
    auth = sign_in()
    client = connect(auth)
    company(client)
    customer = customers(client)
    invoice = invoices(client, customer)
    payments(client, customer, invoice)
    invoice_pdf = Invoice.get(invoice.Id, qb=client).download_pdf(qb=client)
    assert invoice_pdf.startswith(b"%PDF")
    undo(client, invoice)
    feed(client, invoice)
    batches(client)
    reports(client)
    sign_out(auth, client)
    print(json.dumps({"client": "python-quickbooks", "done": True}))


main()
