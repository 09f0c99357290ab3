//! Items, accounts and the small lists.

use super::{Member, Shape, ignored, m};

pub const ITEM: &[Member] = &[
    m("Name", Shape::Text(100)).asked(),
    m("Sku", Shape::Text(100)).asked(),
    m("Description", Shape::Text(4000)),
    m("Active", Shape::Flag).asked(),
    m("SubItem", Shape::Flag),
    m("ParentRef", Shape::Ref).asked(),
    ignored("Level", Shape::Number),
    ignored("FullyQualifiedName", Shape::Text(4000)).asked(),
    m("Taxable", Shape::Flag),
    m("SalesTaxIncluded", Shape::Flag),
    ignored("PercentBased", Shape::Flag),
    m("UnitPrice", Shape::Number).asked(),
    ignored("RatePercent", Shape::Number),
    m("Type", Shape::Text(30)).once().asked(),
    m("IncomeAccountRef", Shape::Ref),
    m("PurchaseDesc", Shape::Text(1000)),
    ignored("PurchaseTaxIncluded", Shape::Flag),
    m("PurchaseCost", Shape::Number),
    m("ExpenseAccountRef", Shape::Ref),
    ignored("COGSAccountRef", Shape::Ref),
    m("AssetAccountRef", Shape::Ref),
    m("PrefVendorRef", Shape::Ref),
    ignored("AvgCost", Shape::Number),
    m("TrackQtyOnHand", Shape::Flag).once(),
    m("QtyOnHand", Shape::Number).once(),
    ignored("QtyOnPurchaseOrder", Shape::Number),
    ignored("QtyOnSalesOrder", Shape::Number),
    m("ReorderPoint", Shape::Number),
    m("SalesTaxCodeRef", Shape::Ref),
    m("PurchaseTaxCodeRef", Shape::Ref),
    m("InvStartDate", Shape::Day).once(),
    m("PrintGroupedItems", Shape::Flag),
    m("ItemGroupDetail", Shape::Loose),
    ignored("ItemCategoryType", Shape::Text(30)),
    m("TaxClassificationRef", Shape::Ref),
    ignored("UQCDisplayText", Shape::Text(100)),
    ignored("UQCId", Shape::Text(100)),
    m("ClassRef", Shape::Ref),
    ignored("Source", Shape::Text(100)),
    m("DeferredRevenue", Shape::Flag),
    ignored("AbatementRate", Shape::Number),
    ignored("ReverseChargeRate", Shape::Number),
    ignored("ServiceType", Shape::Text(100)),
    ignored("PaymentMethodRef", Shape::Ref),
    ignored("UOMSetRef", Shape::Ref),
    ignored("ManPartNum", Shape::Text(100)),
    ignored("DepositToAccountRef", Shape::Ref),
    ignored("BuildPoint", Shape::Number),
    ignored("SpecialItem", Shape::Flag),
    ignored("SpecialItemType", Shape::Text(30)),
    ignored("ItemAssemblyDetail", Shape::Loose),
];

pub const ACCOUNT: &[Member] = &[
    m("Name", Shape::Text(100)).asked(),
    m("AccountType", Shape::Text(50)).once().asked(),
    m("AccountSubType", Shape::Text(100)).asked(),
    ignored("Classification", Shape::Text(20)).asked(),
    m("AcctNum", Shape::Text(20)),
    m("Description", Shape::Text(100)),
    m("SubAccount", Shape::Flag),
    m("ParentRef", Shape::Ref).asked(),
    ignored("FullyQualifiedName", Shape::Text(4000)).asked(),
    ignored("CurrentBalance", Shape::Money),
    ignored("CurrentBalanceWithSubAccounts", Shape::Money),
    m("CurrencyRef", Shape::Ref).once(),
    m("Active", Shape::Flag).asked(),
    m("TaxCodeRef", Shape::Ref),
];

pub const TERM: &[Member] = &[
    m("Name", Shape::Text(31)).asked(),
    m("Active", Shape::Flag).asked(),
    ignored("Type", Shape::Text(20)).asked(),
    m("DueDays", Shape::Number),
    m("DiscountPercent", Shape::Number),
    m("DiscountDays", Shape::Number),
    m("DayOfMonthDue", Shape::Number),
    m("DueNextMonthDays", Shape::Number),
    m("DiscountDayOfMonth", Shape::Number),
];

pub const PAYMENT_METHOD: &[Member] = &[
    m("Name", Shape::Text(15)).asked(),
    m("Type", Shape::Text(20)).asked(),
    m("Active", Shape::Flag).asked(),
];

pub const TAX_CODE: &[Member] = &[
    m("Name", Shape::Text(100)).asked(),
    m("Description", Shape::Text(100)),
    m("Active", Shape::Flag).asked(),
    ignored("Hidden", Shape::Flag),
    m("Taxable", Shape::Flag),
    m("TaxGroup", Shape::Flag),
    m("SalesTaxRateList", Shape::Loose),
    m("PurchaseTaxRateList", Shape::Loose),
    ignored("TaxCodeConfigType", Shape::Text(30)),
];

pub const TAX_RATE: &[Member] = &[
    m("Name", Shape::Text(100)).asked(),
    m("Description", Shape::Text(100)),
    m("Active", Shape::Flag).asked(),
    m("RateValue", Shape::Number),
    m("AgencyRef", Shape::Ref),
    ignored("EffectiveTaxRate", Shape::Loose),
    m("SpecialTaxType", Shape::Text(30)),
    m("DisplayType", Shape::Text(30)),
];

pub const TAX_AGENCY: &[Member] = &[
    m("DisplayName", Shape::Text(100)).asked(),
    m("TaxTrackedOnSales", Shape::Flag),
    m("TaxTrackedOnPurchases", Shape::Flag),
];

pub const CLASS: &[Member] = &[
    m("Name", Shape::Text(100)).asked(),
    m("SubClass", Shape::Flag),
    m("ParentRef", Shape::Ref),
    ignored("FullyQualifiedName", Shape::Text(4000)).asked(),
    m("Active", Shape::Flag).asked(),
];

pub const DEPARTMENT: &[Member] = &[
    m("Name", Shape::Text(100)).asked(),
    m("SubDepartment", Shape::Flag),
    m("ParentRef", Shape::Ref),
    ignored("FullyQualifiedName", Shape::Text(4000)).asked(),
    m("Active", Shape::Flag).asked(),
];

pub const COMPANY_CURRENCY: &[Member] = &[
    m("Code", Shape::Text(3)).once().asked(),
    m("Name", Shape::Text(100)).once().asked(),
    m("Active", Shape::Flag).asked(),
];

pub const EXCHANGE_RATE: &[Member] = &[
    m("SourceCurrencyCode", Shape::Text(3)),
    m("TargetCurrencyCode", Shape::Text(3)),
    m("Rate", Shape::Number),
    m("AsOfDate", Shape::Day),
];
