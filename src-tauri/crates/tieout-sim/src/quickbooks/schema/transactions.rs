//! Documents, their lines and their tax.

use super::{Member, Shape, ignored, m};

pub const ANY: &[Member] = &[
    m("DocNumber", Shape::Text(21)).asked(),
    m("TxnDate", Shape::Day).asked(),
    m("DepartmentRef", Shape::Ref),
    m("CurrencyRef", Shape::Ref),
    m("ExchangeRate", Shape::Number),
    m("PrivateNote", Shape::Text(4000)),
    ignored("TxnStatus", Shape::Text(30)),
    m("LinkedTxn", Shape::Links),
    m("Line", Shape::Lines),
    m("TxnTaxDetail", Shape::Tax),
    ignored("TxnSource", Shape::Text(30)),
    ignored("TaxFormType", Shape::Text(30)),
    ignored("TaxFormNum", Shape::Text(30)),
    m("TransactionLocationType", Shape::Text(50)),
    ignored("Tag", Shape::Loose),
    ignored("TxnApprovalInfo", Shape::Loose),
    ignored("RecurDataRef", Shape::Ref),
    ignored("RecurringInfo", Shape::Loose),
    ignored("ProjectRef", Shape::Ref),
    ignored("TotalCostAmount", Shape::Number),
    ignored("HomeTotalCostAmount", Shape::Number),
    ignored("HomeTotalAmt", Shape::Money),
    ignored("TaxExemptionRef", Shape::Ref),
    m("GlobalTaxCalculation", Shape::Text(20)),
];

pub const SALES: &[Member] = &[
    ignored("AutoDocNumber", Shape::Flag),
    m("CustomField", Shape::Fields),
    m("CustomerRef", Shape::Ref).asked(),
    m("CustomerMemo", Shape::Wrapped(1000)),
    m("BillAddr", Shape::Addr),
    m("ShipAddr", Shape::Addr),
    ignored("FreeFormAddress", Shape::Flag),
    m("ShipFromAddr", Shape::Addr),
    ignored("RemitToRef", Shape::Ref),
    m("ClassRef", Shape::Ref),
    m("SalesTermRef", Shape::Ref),
    m("DueDate", Shape::Day).asked(),
    ignored("SalesRepRef", Shape::Ref),
    m("PONumber", Shape::Text(15)),
    ignored("FOB", Shape::Text(30)),
    m("ShipMethodRef", Shape::Ref),
    m("ShipDate", Shape::Day),
    m("TrackingNum", Shape::Text(100)),
    ignored("TotalAmt", Shape::Money).asked(),
    m("ApplyTaxAfterDiscount", Shape::Flag),
    ignored("ShippingTaxIncludedInTotalTax", Shape::Flag),
    ignored("TemplateRef", Shape::Ref),
    m("PrintStatus", Shape::Text(30)),
    m("EmailStatus", Shape::Text(30)),
    m("BillEmail", Shape::Email(100)),
    m("BillEmailCc", Shape::Email(200)),
    m("BillEmailBcc", Shape::Email(200)),
    ignored("ARAccountRef", Shape::Ref),
    ignored("Balance", Shape::Money).asked(),
    ignored("HomeBalance", Shape::Money),
    ignored("FinanceCharge", Shape::Flag),
    m("PaymentMethodRef", Shape::Ref),
    m("PaymentRefNum", Shape::Text(21)).asked(),
    ignored("PaymentType", Shape::Text(30)),
    ignored("CheckPayment", Shape::Loose),
    ignored("CreditCardPayment", Shape::Loose),
    m("DepositToAccountRef", Shape::Ref),
    ignored("DeliveryInfo", Shape::Loose),
    ignored("DiscountRate", Shape::Number),
    ignored("DiscountAmt", Shape::Number),
    ignored("GovtTxnRefIdentifier", Shape::Text(100)),
];

pub const INVOICE: &[Member] = &[
    m("Deposit", Shape::Money),
    m("AllowIPNPayment", Shape::Flag),
    m("AllowOnlinePayment", Shape::Flag),
    m("AllowOnlineCreditCardPayment", Shape::Flag),
    m("AllowOnlineACHPayment", Shape::Flag),
    ignored("AllowOnlinePayPalPayment", Shape::Flag),
    ignored("EInvoiceStatus", Shape::Text(30)),
    ignored("ECloudStatusTimeStamp", Shape::Text(30)),
    ignored("invoiceStatus", Shape::Text(30)),
    ignored("callToAction", Shape::Text(30)),
    ignored("invoiceStatusLog", Shape::Loose),
    ignored("LessCIS", Shape::Number),
    ignored("InvoiceLink", Shape::Text(4000)),
    ignored("InvoiceLinkSecurityCode", Shape::Text(100)),
    ignored("InvoiceLinkExpiryDate", Shape::Text(30)),
    ignored("PaymentDetailsMessage", Shape::Text(1000)),
    ignored("ConvenienceFeeDetail", Shape::Loose),
];

pub const CREDIT_MEMO: &[Member] =
    &[ignored("RemainingCredit", Shape::Money), ignored("InvoiceRef", Shape::Ref)];

pub const PAYMENT: &[Member] = &[
    m("CustomerRef", Shape::Ref).asked(),
    ignored("RemitToRef", Shape::Ref),
    ignored("ARAccountRef", Shape::Ref),
    m("DepositToAccountRef", Shape::Ref),
    m("PaymentMethodRef", Shape::Ref),
    m("PaymentRefNum", Shape::Text(21)).asked(),
    ignored("PaymentType", Shape::Text(30)),
    ignored("CheckPayment", Shape::Loose),
    m("CreditCardPayment", Shape::Loose),
    m("TotalAmt", Shape::Money).asked(),
    ignored("UnappliedAmt", Shape::Money),
    m("ProcessPayment", Shape::Flag),
];

pub const DEPOSIT: &[Member] = &[
    m("DepositToAccountRef", Shape::Ref),
    ignored("TotalAmt", Shape::Money).asked(),
    m("CashBack", Shape::Part(CASH_BACK)),
];

const CASH_BACK: &[Member] =
    &[m("AccountRef", Shape::Ref), m("Amount", Shape::Money), m("Memo", Shape::Text(4000))];

pub const JOURNAL_ENTRY: &[Member] =
    &[ignored("TotalAmt", Shape::Money).asked(), m("Adjustment", Shape::Flag)];

/// Members of one line.
pub const LINE: &[Member] = &[
    m("Id", Shape::Text(20)),
    ignored("LineNum", Shape::Number),
    m("Description", Shape::Text(4000)),
    m("Amount", Shape::Money),
    m("LinkedTxn", Shape::Links),
    m("DetailType", Shape::Text(40)),
    m("SalesItemLineDetail", Shape::Part(SALES_ITEM)),
    ignored("SubTotalLineDetail", Shape::Loose),
    m("DiscountLineDetail", Shape::Part(DISCOUNT)),
    m("DescriptionLineDetail", Shape::Part(DESCRIPTION)),
    m("GroupLineDetail", Shape::Part(GROUP)),
    m("DepositLineDetail", Shape::Part(DEPOSIT_LINE)),
    m("JournalEntryLineDetail", Shape::Part(JOURNAL_LINE)),
    ignored("LineEx", Shape::Loose),
    ignored("CustomField", Shape::Loose),
    ignored("ProjectRef", Shape::Ref),
];

const SALES_ITEM: &[Member] = &[
    m("ItemRef", Shape::Ref),
    m("UnitPrice", Shape::Number),
    m("RatePercent", Shape::Number),
    m("Qty", Shape::Number),
    m("ItemAccountRef", Shape::Ref),
    m("ClassRef", Shape::Ref),
    m("TaxCodeRef", Shape::Ref),
    m("TaxClassificationRef", Shape::Ref),
    m("ServiceDate", Shape::Day),
    m("TaxInclusiveAmt", Shape::Money),
    ignored("DiscountRate", Shape::Number),
    ignored("DiscountAmt", Shape::Number),
    ignored("PriceLevelRef", Shape::Ref),
    ignored("MarkupInfo", Shape::Loose),
    m("DeferredRevenue", Shape::Flag),
];

const DISCOUNT: &[Member] = &[
    m("PercentBased", Shape::Flag),
    m("DiscountPercent", Shape::Number),
    m("DiscountAccountRef", Shape::Ref),
    m("TaxCodeRef", Shape::Ref),
    m("ClassRef", Shape::Ref),
    ignored("Discount", Shape::Loose),
];

const DESCRIPTION: &[Member] = &[m("ServiceDate", Shape::Day), m("TaxCodeRef", Shape::Ref)];

const GROUP: &[Member] =
    &[m("GroupItemRef", Shape::Ref), m("Quantity", Shape::Number), m("Line", Shape::Lines)];

const DEPOSIT_LINE: &[Member] = &[
    m("Entity", Shape::Part(TYPED_REF)),
    m("AccountRef", Shape::Ref),
    m("PaymentMethodRef", Shape::Ref),
    m("CheckNum", Shape::Text(21)),
    m("ClassRef", Shape::Ref),
];

const TYPED_REF: &[Member] =
    &[m("value", Shape::Text(20)), m("name", Shape::Text(500)), m("type", Shape::Text(30))];

const JOURNAL_LINE: &[Member] = &[
    m("PostingType", Shape::Text(10)),
    m("AccountRef", Shape::Ref),
    m("Entity", Shape::Part(JOURNAL_NAME)),
    m("ClassRef", Shape::Ref),
    m("DepartmentRef", Shape::Ref),
    m("TaxCodeRef", Shape::Ref),
    ignored("BillableStatus", Shape::Text(30)),
];

const JOURNAL_NAME: &[Member] = &[m("Type", Shape::Text(20)), m("EntityRef", Shape::Ref)];

/// Members of one link between documents.
pub const LINK: &[Member] =
    &[m("TxnId", Shape::Text(20)), m("TxnType", Shape::Text(30)), m("TxnLineId", Shape::Text(20))];

/// Members of a document's tax.
pub const TAX_DETAIL: &[Member] = &[
    m("TxnTaxCodeRef", Shape::Ref),
    ignored("DefaultTaxCodeRef", Shape::Ref),
    m("TotalTax", Shape::Money),
    ignored("TaxLine", Shape::Loose),
    ignored("TaxReviewStatus", Shape::Text(30)),
    m("UseAutomatedSalesTax", Shape::Flag),
];
