//! A proposed reason is accepted and taken back.

use crate::played::{AS_OF, played, told, window_at};

fn unexplained(stage: &tieout_desktop_tests::stage::Stage) -> Vec<String> {
    let view = told(stage, &["exceptions", "--as-of", AS_OF]);
    let all = view["exceptions"].as_array().expect("a list").clone();
    let open = all.iter().filter(|it| it["code"] == "UNEXPLAINED");
    open.map(|it| it["reference"].as_str().unwrap_or_default().to_owned()).collect()
}

#[test]
fn a_proposed_reason_is_accepted_and_taken_back() {
    let stage = played();
    let before = unexplained(&stage);
    assert_eq!(before, ["D-1039"], "the sample company has one difference without a reason");
    let window = window_at(&stage, "Reconciliation");
    window.click("//*[@role='row'][contains(., 'Northgate')]//*[@role='rowheader']");
    window.types("a");
    window.sees("Undo");
    window.is_quiet();
    window.press_with("Undo");
    window.is_quiet();
    window.close();
    assert_eq!(unexplained(&stage), before);
}
