//! What every connector must do, whatever its brand: one suite for each role, from data. A row is a
//! rule; a stand is a brand with its simulator; what a brand honestly cannot do, it declares.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on stops")]

mod changes;
mod coverage;
mod driver;
mod first_sync;
mod keys;
mod ledger;
mod line;
mod pages;
mod quickbooks;
mod reader;
mod rows;
mod salesforce;
mod sign_in;
mod stand;
mod troubles;
mod unknown;
mod writes;
mod xero;
mod xero_wire;

/// One test for each rule, for one brand. The names are those of the rows; `coverage` says so if
/// one is left out.
macro_rules! suite {
    ($brand:ident, $stand:ty) => {
        suite!(@each $brand, $stand,
            signs_in,
            rotation_is_saved_before_use,
            two_calls_at_one_time_renew_once,
            a_revoked_grant_asks_for_a_person,
            the_probe_says_what_it_can,
            no_records,
            one_record,
            a_full_page,
            a_page_and_one_record,
            a_change_between_pages,
            equal_stamps_at_the_mark,
            a_late_record_inside_the_overlap,
            a_deletion,
            a_void,
            an_unknown_field,
            an_unknown_word_that_decides,
            an_unknown_word_that_decides_nothing,
            a_missing_right_is_no_missing_record,
            one_key_twice_is_one_record,
            what_was_written_is_found_by_its_key,
            everything_that_can_be_asked_is_answered,
            amounts_are_exact_as_text,
            a_first_sync_is_within_its_budget,
            no_error_holds_a_secret,
            a_read_throttled_without_a_hint,
            a_write_throttled_without_a_hint,
            a_read_throttled_with_a_hint,
            a_write_throttled_with_a_hint,
            a_read_with_a_slow_body,
            a_write_with_a_slow_body,
            a_read_whose_body_never_ends,
            a_write_whose_body_never_ends,
            a_read_with_a_cut_body,
            a_write_with_a_cut_body,
            a_read_with_an_html_body,
            a_write_with_an_html_body,
            a_read_behind_a_broken_gateway,
            a_write_behind_a_broken_gateway,
            a_read_with_a_failure_inside_a_200,
            a_write_with_a_failure_inside_a_200,
            a_read_with_a_server_error,
            a_write_with_a_server_error_before_commit,
            a_read_while_the_server_is_away,
            a_write_with_a_server_error_after_commit,
            a_read_without_an_answer,
            a_write_without_an_answer,
            a_read_without_a_route,
            a_write_without_a_route,
        );
    };
    (@each $brand:ident, $stand:ty, $($rule:ident),+ $(,)?) => {
        mod $brand {
            $(
                #[test]
                fn $rule() {
                    crate::driver::drive::<$stand>(stringify!($rule));
                }
            )+
        }
    };
}

mod crm_role {
    suite!(salesforce, crate::salesforce::SalesforceStand);
}

mod ledger_role {
    suite!(quickbooks, crate::quickbooks::QuickBooksStand<true>);
    suite!(quickbooks_with_its_own_numbers, crate::quickbooks::QuickBooksStand<false>);
    suite!(xero, crate::xero::XeroStand<true>);
    suite!(xero_with_its_own_numbers, crate::xero::XeroStand<false>);
}
