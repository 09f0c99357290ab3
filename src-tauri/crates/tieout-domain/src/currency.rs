//! ISO 4217 currencies and their minor-unit digits (`finance-domain §2 M3`).

use std::fmt;

use jiff::civil::Date;

/// A transaction currency: an ISO 4217 alphabetic code with a known number of minor-unit digits.
///
/// It cannot be constructed for an unknown or a non-transactional code, so every `Money` knows how
/// many digits it has.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Currency {
    code: [u8; 3],
    digits: u8,
}

/// Why a code is not a currency that a document may be in. Both end in quarantine.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CurrencyError {
    /// Quarantine reason `CURRENCY_UNKNOWN`. The text is cut to a few characters.
    #[error("`{0}` is not a currency code of ISO 4217")]
    Unknown(String),
    /// Quarantine reason `CURRENCY_NOT_TRANSACTIONAL`: gold, testing codes and the like.
    #[error("`{0}` is not a currency that a document can be in")]
    NotTransactional(String),
    /// A withdrawn currency on a document dated on or after its withdrawal.
    #[error("`{0}` was withdrawn before the date of the document")]
    Withdrawn(String),
}

const DIGITS_0: &str = "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF";
const DIGITS_2: &str = "\
AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BMD BND BOB BOV BRL BSD BTN BWP \
BYN BZD CAD CDF CHE CHF CHW CNY COP COU CRC CUP CVE CZK DKK DOP DZD EGP ERN ETB \
EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD HKD HNL HTG HUF IDR ILS INR IRR JMD KES \
KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR \
MWK MXN MXV MYR MZN NAD NGN NIO NOK NPR NZD PAB PEN PGK PHP PKR PLN QAR RON RSD \
RUB SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TOP \
TRY TTD TWD TZS UAH USD USN UYU UZS VED VES WST XAD XCD XCG YER ZAR ZMW ZWG";
const DIGITS_3: &str = "BHD IQD JOD KWD LYD OMR TND";
const DIGITS_4: &str = "CLF UYW";
/// Two digits, accepted on documents dated before the month given.
const WITHDRAWN: [(&str, i16, i8); 6] = [
    ("CUC", 2021, 7),
    ("HRK", 2023, 1),
    ("SLL", 2024, 4),
    ("ZWL", 2024, 9),
    ("ANG", 2025, 7),
    ("BGN", 2026, 2),
];
const NOT_TRANSACTIONAL: &str = "XAG XAU XBA XBB XBC XBD XDR XPD XPT XSU XTS XUA XXX";

impl Currency {
    /// Reads a code in upper case. A withdrawn currency is refused here, since no date is known.
    pub fn parse(code: &str) -> Result<Self, CurrencyError> {
        Self::parse_on(code, None)
    }

    /// Reads the code of a document dated `on`; a withdrawn currency is accepted before its month.
    pub fn parse_on(code: &str, on: Option<Date>) -> Result<Self, CurrencyError> {
        let shown = || code.chars().take(8).collect::<String>();
        let bytes: [u8; 3] =
            code.as_bytes().try_into().map_err(|_| CurrencyError::Unknown(shown()))?;
        let within = |table: &str| table.split_ascii_whitespace().any(|entry| entry == code);
        for (table, digits) in [(DIGITS_2, 2), (DIGITS_0, 0), (DIGITS_3, 3), (DIGITS_4, 4)] {
            if within(table) {
                return Ok(Self { code: bytes, digits });
            }
        }
        if let Some((_, year, month)) = WITHDRAWN.iter().find(|(entry, _, _)| *entry == code) {
            let before = on.is_some_and(|date| (date.year(), date.month()) < (*year, *month));
            return if before {
                Ok(Self { code: bytes, digits: 2 })
            } else {
                Err(CurrencyError::Withdrawn(shown()))
            };
        }
        if within(NOT_TRANSACTIONAL) {
            return Err(CurrencyError::NotTransactional(shown()));
        }
        Err(CurrencyError::Unknown(shown()))
    }

    /// The ISO 4217 alphabetic code.
    pub fn code(&self) -> &str {
        std::str::from_utf8(&self.code).expect("a code is three ASCII letters of our own table")
    }

    /// Minor-unit digits, 0 to 4.
    pub fn digits(self) -> u32 {
        u32::from(self.digits)
    }
}

impl fmt::Display for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl fmt::Debug for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}
