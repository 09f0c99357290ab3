//! The fields and objects that the product installs (salesforce §14.1).

use super::object::ObjectSpec;

/// Fields added to standard objects: object, then fields.
pub const ADDED_FIELDS: &[(&str, &[&str])] = &[
    (
        "Account",
        &[
            "Tieout_AR_Balance__c: currency(18,2) cun",
            "Tieout_AR_Overdue__c: currency(18,2) cun",
            "Tieout_AR_Not_Due__c: currency(18,2) cun",
            "Tieout_Last_Payment__c: currency(18,2) cun",
            "Tieout_Credits_12M__c: currency(18,2) cun",
            "Tieout_Unapplied_Credits__c: currency(18,2) cun",
            "Tieout_Unapplied_Cash__c: currency(18,2) cun",
            "Tieout_Overdue_Count__c: double(6,0) cun",
            "Tieout_Max_Days_Overdue__c: double(5,0) cun",
            "Tieout_Avg_Days_Late__c: double(5,1) cun",
            "Tieout_Oldest_Due__c: date cun",
            "Tieout_Last_Payment_Date__c: date cun",
            "Tieout_As_Of__c: date cun",
            "Tieout_Last_Synced__c: datetime cun",
            "Tieout_Run_Id__c: string(40) cun",
        ],
    ),
    ("Product2", &["Tieout_External_Id__c: string(80) cun external unique case"]),
    (
        "Opportunity",
        &[
            "Tieout_Billing_Status__c: string(20) cun",
            "Tieout_Cash_Status__c: string(20) cun",
            "Tieout_Invoice_Numbers__c: string(255) cun",
            "Tieout_Billed_Net__c: currency(18,2) cun",
            "Tieout_Collected__c: currency(18,2) cun",
            "Tieout_Open__c: currency(18,2) cun",
            "Tieout_Due_Date__c: date cun",
            "Tieout_Paid_Date__c: date cun",
            "Tieout_As_Of__c: date cun",
            "Tieout_Run_Id__c: string(40) cun",
        ],
    ),
    ("Task", &["Tieout_Client_Token__c: string(40) cun external unique case"]),
];

/// The control-total mirror, only in orgs with several currencies.
pub const AMOUNT_MIRROR: (&str, &[&str]) =
    ("Opportunity", &["Tieout_Amount_Number__c: double(16,2) n formula=Amount"]);

/// The custom objects.
pub const CUSTOM_OBJECTS: &[ObjectSpec] = &[
    ObjectSpec {
        name: "Tieout_Ledger_Account__c",
        plural: "Tieout Ledger Accounts",
        prefix: "a00",
        traits: "create update delete currency audit deleted",
        fields: &[
            "Name: string(80) d name auto label=Ledger_Account_Number",
            "OwnerId: reference(User) cud",
            "Key__c: string(160) cun external unique case",
            "Account__c: reference(Account) cun child=Tieout_Ledger_Accounts__r",
            "Ledger__c: string(80) cun",
            "Customer_Id__c: string(80) cun",
            "Customer_Name__c: string(255) cun",
            "Currency__c: string(3) cun",
            "AR_Balance__c: double(18,4) cun",
            "AR_Overdue__c: double(18,4) cun",
            "AR_Not_Due__c: double(18,4) cun",
            "Last_Payment__c: double(18,4) cun",
            "Credits_12M__c: double(18,4) cun",
            "Unapplied_Credits__c: double(18,4) cun",
            "Unapplied_Cash__c: double(18,4) cun",
            "Overdue_Count__c: double(6,0) cun",
            "Max_Days_Overdue__c: double(5,0) cun",
            "Avg_Days_Late__c: double(5,1) cun",
            "Oldest_Due__c: date cun",
            "Last_Payment_Date__c: date cun",
            "As_Of__c: date cun",
            "Run_Id__c: string(40) cun",
        ],
    },
    ObjectSpec {
        name: "Tieout_Sync_Error__c",
        plural: "Tieout Sync Errors",
        prefix: "a01",
        traits: "create update delete currency audit deleted",
        fields: &[
            "Name: string(80) d name auto label=Sync_Error_Number",
            "OwnerId: reference(User) cud",
            "Dedupe_Key__c: string(64) cun external unique case",
            "Direction__c: string(20) cun",
            "Entity__c: string(40) cun",
            "Record_Id__c: string(18) cun",
            "Ledger__c: string(80) cun",
            "Target_Id__c: string(80) cun",
            "Error_Class__c: string(40) cun",
            "Error_Code__c: string(80) cun",
            "Error_Message__c: textarea(32768) cun unfilterable",
            "Suggested_Fix__c: textarea(4096) cun unfilterable",
            "Retry_Count__c: double(4,0) cun",
            "Next_Retry__c: datetime cun",
            "First_Seen__c: datetime cun",
            "Last_Seen__c: datetime cun",
            "State__c: picklist cun",
            "Run_Id__c: string(40) cun",
        ],
    },
];

/// `State__c` of a failure record: a restricted picklist, with underscores in its values.
pub const FAILURE_STATES: [&str; 5] = ["open", "retrying", "needs_person", "resolved", "ignored"];
