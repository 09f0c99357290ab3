#![no_main]

libfuzzer_sys::fuzz_target!(|input: &[u8]| tieout_fuzz::salesforce::run(input));
