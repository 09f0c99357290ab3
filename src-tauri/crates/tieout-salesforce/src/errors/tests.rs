use super::*;

#[track_caller]
fn check(body: &str, want: &str) {
    let body: Value = serde_json::from_str(body).unwrap();
    let got = of_part(400, &body, "part");
    assert_eq!(got.to_string(), want);
}

#[test]
fn a_missing_field_is_named() {
    check(
        r#"[{"message":"No such column 'Foo__c' on entity 'Opportunity'.",
            "errorCode":"INVALID_FIELD","fields":["Foo__c"]}]"#,
        "not permitted: a field is missing or not visible to this user: Foo__c",
    );
    check(
        r#"[{"message":"No such column","errorCode":"INVALID_FIELD"}]"#,
        "not permitted: a field is missing or not visible to this user (INVALID_FIELD)",
    );
}

#[test]
fn a_collections_error_has_its_own_key() {
    check(
        r#"[{"statusCode":"REQUIRED_FIELD_MISSING","message":"Required fields are missing: [Name]",
            "fields":["Name"]}]"#,
        "refused with code REQUIRED_FIELD_MISSING",
    );
}

#[test]
fn a_validation_rule_speaks_the_customers_words_and_display_does_not() {
    let body = r#"[{"errorCode":"FIELD_CUSTOM_VALIDATION_EXCEPTION",
        "message":"Nur Müller darf das","fields":["Tieout_Open__c"]}]"#;
    let error = of_part(400, &serde_json::from_str(body).unwrap(), "part");
    assert_eq!(error.to_string(), "refused with code FIELD_CUSTOM_VALIDATION_EXCEPTION");
    let ConnectorError::Rejected { field, text, .. } = error else { panic!("rejected") };
    assert_eq!((field.as_deref(), text.as_str()), (Some("Tieout_Open__c"), "Nur Müller darf das"));
}

#[test]
fn a_locked_row_is_asked_for_later() {
    check(r#"[{"statusCode":"UNABLE_TO_LOCK_ROW","message":"x","fields":[]}]"#, "asked to wait");
}

#[test]
fn a_record_that_is_gone() {
    for code in ["NOT_FOUND", "ENTITY_IS_DELETED", "INVALID_CROSS_REFERENCE_KEY"] {
        check(&format!(r#"[{{"errorCode":"{code}","message":"x"}}]"#), "not found");
    }
    check(
        r#"[{"statusCode":"INVALID_CROSS_REFERENCE_KEY","message":"x","fields":["Account__c"]}]"#,
        "refused with code INVALID_CROSS_REFERENCE_KEY",
    );
}

#[test]
fn a_duplicate_is_a_refusal() {
    check(
        r#"[{"duplicateResult":{"allowSave":true},"message":"?",
            "errorCode":"DUPLICATES_DETECTED"}]"#,
        "refused with code DUPLICATES_DETECTED",
    );
}

#[test]
fn an_unknown_code_is_kept() {
    check(r#"[{"errorCode":"BRAND_NEW_CODE","message":""}]"#, "refused with code BRAND_NEW_CODE");
}

#[test]
fn a_dead_locator() {
    check(
        r#"[{"errorCode":"INVALID_QUERY_LOCATOR","message":"invalid query locator"}]"#,
        "the page cursor is no longer valid",
    );
}

#[test]
fn queries_that_ask_too_much_are_recognised() {
    for code in TOO_MUCH {
        let body = serde_json::json!([{ "errorCode": code, "message": "" }]);
        assert!(asks_too_much(&of_part(400, &body, "part")), "{code}");
    }
    assert!(!asks_too_much(&ConnectorError::NotFound));
}

#[test]
fn a_body_without_codes_is_unexpected() {
    check("[]", "unexpected answer at part");
    check(r#"{"hello":1}"#, "unexpected answer at part");
    check("null", "unexpected answer at part");
}
