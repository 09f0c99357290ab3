use super::*;

fn grant(access: &str, refresh: &str) -> StoredGrant {
    StoredGrant {
        access: Secret::new(access),
        refresh: Some(Secret::new(refresh)),
        previous_refresh: None,
        obtained_at: "2026-07-06T16:00:00Z".parse().unwrap(),
        expires_at: None,
        instance_url: Some("https://acme.example".to_owned()),
        extra: BTreeMap::from([("realmId".to_owned(), "9130".to_owned())]),
    }
}

#[test]
fn a_grant_survives_its_bytes() {
    let mut whole = grant("a", "r");
    whole.expires_at = Some("2026-07-06T17:42:00.123456Z".parse().unwrap());
    whole.previous_refresh = Some((Secret::new("old"), whole.obtained_at));
    assert_eq!(StoredGrant::from_bytes(&whole.to_bytes()).unwrap(), whole);
    let bare = StoredGrant { refresh: None, instance_url: None, ..grant("a", "r") };
    assert_eq!(StoredGrant::from_bytes(&bare.to_bytes()).unwrap(), bare);
}

#[test]
fn equal_grants_have_equal_bytes() {
    assert_eq!(grant("a", "r").to_bytes(), grant("a", "r").to_bytes());
}

#[test]
fn strange_bytes_are_an_error() {
    let newer = String::from_utf8(grant("a", "r").to_bytes().to_vec()).unwrap();
    let newer = newer.replace("\"version\":1", "\"version\":2");
    for bytes in [&b""[..], b"{}", b"\xff", newer.as_bytes()] {
        assert!(StoredGrant::from_bytes(bytes).is_err());
    }
}

#[test]
fn a_replaced_token_is_kept_only_where_it_lives_on() {
    let answer = || crate::oauth::TokenAnswer {
        access: Secret::new("a2"),
        refresh: Some(Secret::new("r2")),
        expires_in_secs: Some(3_600),
        instance_url: None,
        extra: BTreeMap::new(),
    };
    let now = "2026-07-06T16:42:00Z".parse().unwrap();
    let kept = grant("a1", "r1").renewed(answer(), now, true);
    assert_eq!(kept.previous_refresh, Some((Secret::new("r1"), now)));
    assert_eq!(kept.expires_at, Some("2026-07-06T17:42:00Z".parse().unwrap()));
    assert_eq!(grant("a1", "r1").renewed(answer(), now, false).previous_refresh, None);
}
