//! The sample company, from the first start on.

use tieout_desktop_tests::window::Window;

use crate::stage;

#[test]
fn a_new_person_opens_the_sample_company_and_finds_it_again() {
    let stage = stage();
    let window = Window::open(&stage);
    window.open_sample();
    window.sees("Alder Quay");
    window.close();
    let key = stage.path("home/tieout/sample/passphrase.key");
    assert!(!key.exists(), "the key of the workspace is in the Secret Service");
    let window = Window::open(&stage);
    window.find("//h1[normalize-space(.)='Overview']");
    window.sees("Alder Quay");
}
