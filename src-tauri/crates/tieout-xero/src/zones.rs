//! Time zones of organisations: Windows names squashed to capitals, after the table windowsZones of
//! CLDR (`xero §3.4`).

/// The IANA name of a squashed Windows name.
pub(crate) fn iana(squashed: &str) -> Option<&'static str> {
    let wanted: String = squashed.chars().filter(|c| !c.is_whitespace()).collect();
    let known = |(windows, _): &&(&str, &str)| windows.eq_ignore_ascii_case(&wanted);
    ZONES.iter().find(known).map(|(_, iana)| *iana)
}

#[rustfmt::skip]
const ZONES: &[(&str, &str)] = &[
    ("DATELINESTANDARDTIME", "Etc/GMT+12"),
    ("UTC11", "Etc/GMT+11"),
    ("UTC-11", "Etc/GMT+11"),
    ("ALEUTIANSTANDARDTIME", "America/Adak"),
    ("HAWAIIANSTANDARDTIME", "Pacific/Honolulu"),
    ("MARQUESASSTANDARDTIME", "Pacific/Marquesas"),
    ("ALASKANSTANDARDTIME", "America/Anchorage"),
    ("UTC09", "Etc/GMT+9"),
    ("UTC-09", "Etc/GMT+9"),
    ("PACIFICSTANDARDTIME(MEXICO)", "America/Tijuana"),
    ("UTC08", "Etc/GMT+8"),
    ("UTC-08", "Etc/GMT+8"),
    ("PACIFICSTANDARDTIME", "America/Los_Angeles"),
    ("USMOUNTAINSTANDARDTIME", "America/Phoenix"),
    ("MOUNTAINSTANDARDTIME(MEXICO)", "America/Mazatlan"),
    ("MOUNTAINSTANDARDTIME", "America/Denver"),
    ("YUKONSTANDARDTIME", "America/Whitehorse"),
    ("CENTRALAMERICASTANDARDTIME", "America/Guatemala"),
    ("CENTRALSTANDARDTIME", "America/Chicago"),
    ("EASTERISLANDSTANDARDTIME", "Pacific/Easter"),
    ("CENTRALSTANDARDTIME(MEXICO)", "America/Mexico_City"),
    ("CANADACENTRALSTANDARDTIME", "America/Regina"),
    ("SAPACIFICSTANDARDTIME", "America/Bogota"),
    ("EASTERNSTANDARDTIME(MEXICO)", "America/Cancun"),
    ("EASTERNSTANDARDTIME", "America/New_York"),
    ("HAITISTANDARDTIME", "America/Port-au-Prince"),
    ("CUBASTANDARDTIME", "America/Havana"),
    ("USEASTERNSTANDARDTIME", "America/Indiana/Indianapolis"),
    ("TURKSANDCAICOSSTANDARDTIME", "America/Grand_Turk"),
    ("PARAGUAYSTANDARDTIME", "America/Asuncion"),
    ("ATLANTICSTANDARDTIME", "America/Halifax"),
    ("VENEZUELASTANDARDTIME", "America/Caracas"),
    ("CENTRALBRAZILIANSTANDARDTIME", "America/Cuiaba"),
    ("SAWESTERNSTANDARDTIME", "America/La_Paz"),
    ("PACIFICSASTANDARDTIME", "America/Santiago"),
    ("NEWFOUNDLANDSTANDARDTIME", "America/St_Johns"),
    ("TOCANTINSSTANDARDTIME", "America/Araguaina"),
    ("ESOUTHAMERICASTANDARDTIME", "America/Sao_Paulo"),
    ("E.SOUTHAMERICASTANDARDTIME", "America/Sao_Paulo"),
    ("SAEASTERNSTANDARDTIME", "America/Cayenne"),
    ("ARGENTINASTANDARDTIME", "America/Argentina/Buenos_Aires"),
    ("GREENLANDSTANDARDTIME", "America/Nuuk"),
    ("MONTEVIDEOSTANDARDTIME", "America/Montevideo"),
    ("MAGALLANESSTANDARDTIME", "America/Punta_Arenas"),
    ("SAINTPIERRESTANDARDTIME", "America/Miquelon"),
    ("BAHIASTANDARDTIME", "America/Bahia"),
    ("UTC02", "Etc/GMT+2"),
    ("UTC-02", "Etc/GMT+2"),
    ("AZORESSTANDARDTIME", "Atlantic/Azores"),
    ("CAPEVERDESTANDARDTIME", "Atlantic/Cape_Verde"),
    ("UTC", "Etc/UTC"),
    ("GMTSTANDARDTIME", "Europe/London"),
    ("GREENWICHSTANDARDTIME", "Atlantic/Reykjavik"),
    ("SAOTOMESTANDARDTIME", "Africa/Sao_Tome"),
    ("MOROCCOSTANDARDTIME", "Africa/Casablanca"),
    ("WEUROPESTANDARDTIME", "Europe/Berlin"),
    ("W.EUROPESTANDARDTIME", "Europe/Berlin"),
    ("CENTRALEUROPESTANDARDTIME", "Europe/Budapest"),
    ("ROMANCESTANDARDTIME", "Europe/Paris"),
    ("CENTRALEUROPEANSTANDARDTIME", "Europe/Warsaw"),
    ("WCENTRALAFRICASTANDARDTIME", "Africa/Lagos"),
    ("W.CENTRALAFRICASTANDARDTIME", "Africa/Lagos"),
    ("JORDANSTANDARDTIME", "Asia/Amman"),
    ("GTBSTANDARDTIME", "Europe/Bucharest"),
    ("MIDDLEEASTSTANDARDTIME", "Asia/Beirut"),
    ("EGYPTSTANDARDTIME", "Africa/Cairo"),
    ("EEUROPESTANDARDTIME", "Europe/Chisinau"),
    ("E.EUROPESTANDARDTIME", "Europe/Chisinau"),
    ("SYRIASTANDARDTIME", "Asia/Damascus"),
    ("WESTBANKSTANDARDTIME", "Asia/Hebron"),
    ("SOUTHAFRICASTANDARDTIME", "Africa/Johannesburg"),
    ("FLESTANDARDTIME", "Europe/Kyiv"),
    ("ISRAELSTANDARDTIME", "Asia/Jerusalem"),
    ("SOUTHSUDANSTANDARDTIME", "Africa/Juba"),
    ("KALININGRADSTANDARDTIME", "Europe/Kaliningrad"),
    ("SUDANSTANDARDTIME", "Africa/Khartoum"),
    ("LIBYASTANDARDTIME", "Africa/Tripoli"),
    ("NAMIBIASTANDARDTIME", "Africa/Windhoek"),
    ("ARABICSTANDARDTIME", "Asia/Baghdad"),
    ("TURKEYSTANDARDTIME", "Europe/Istanbul"),
    ("ARABSTANDARDTIME", "Asia/Riyadh"),
    ("BELARUSSTANDARDTIME", "Europe/Minsk"),
    ("RUSSIANSTANDARDTIME", "Europe/Moscow"),
    ("EAFRICASTANDARDTIME", "Africa/Nairobi"),
    ("E.AFRICASTANDARDTIME", "Africa/Nairobi"),
    ("IRANSTANDARDTIME", "Asia/Tehran"),
    ("ARABIANSTANDARDTIME", "Asia/Dubai"),
    ("ASTRAKHANSTANDARDTIME", "Europe/Astrakhan"),
    ("AZERBAIJANSTANDARDTIME", "Asia/Baku"),
    ("RUSSIATIMEZONE3", "Europe/Samara"),
    ("MAURITIUSSTANDARDTIME", "Indian/Mauritius"),
    ("SARATOVSTANDARDTIME", "Europe/Saratov"),
    ("GEORGIANSTANDARDTIME", "Asia/Tbilisi"),
    ("VOLGOGRADSTANDARDTIME", "Europe/Volgograd"),
    ("CAUCASUSSTANDARDTIME", "Asia/Yerevan"),
    ("AFGHANISTANSTANDARDTIME", "Asia/Kabul"),
    ("WESTASIASTANDARDTIME", "Asia/Tashkent"),
    ("EKATERINBURGSTANDARDTIME", "Asia/Yekaterinburg"),
    ("PAKISTANSTANDARDTIME", "Asia/Karachi"),
    ("QYZYLORDASTANDARDTIME", "Asia/Qyzylorda"),
    ("INDIASTANDARDTIME", "Asia/Kolkata"),
    ("SRILANKASTANDARDTIME", "Asia/Colombo"),
    ("NEPALSTANDARDTIME", "Asia/Kathmandu"),
    ("CENTRALASIASTANDARDTIME", "Asia/Bishkek"),
    ("BANGLADESHSTANDARDTIME", "Asia/Dhaka"),
    ("OMSKSTANDARDTIME", "Asia/Omsk"),
    ("MYANMARSTANDARDTIME", "Asia/Yangon"),
    ("SEASIASTANDARDTIME", "Asia/Bangkok"),
    ("ALTAISTANDARDTIME", "Asia/Barnaul"),
    ("WMONGOLIASTANDARDTIME", "Asia/Hovd"),
    ("W.MONGOLIASTANDARDTIME", "Asia/Hovd"),
    ("NORTHASIASTANDARDTIME", "Asia/Krasnoyarsk"),
    ("NCENTRALASIASTANDARDTIME", "Asia/Novosibirsk"),
    ("N.CENTRALASIASTANDARDTIME", "Asia/Novosibirsk"),
    ("TOMSKSTANDARDTIME", "Asia/Tomsk"),
    ("CHINASTANDARDTIME", "Asia/Shanghai"),
    ("NORTHASIAEASTSTANDARDTIME", "Asia/Irkutsk"),
    ("SINGAPORESTANDARDTIME", "Asia/Singapore"),
    ("WAUSTRALIASTANDARDTIME", "Australia/Perth"),
    ("W.AUSTRALIASTANDARDTIME", "Australia/Perth"),
    ("TAIPEISTANDARDTIME", "Asia/Taipei"),
    ("ULAANBAATARSTANDARDTIME", "Asia/Ulaanbaatar"),
    ("AUSCENTRALWSTANDARDTIME", "Australia/Eucla"),
    ("AUSCENTRALW.STANDARDTIME", "Australia/Eucla"),
    ("TRANSBAIKALSTANDARDTIME", "Asia/Chita"),
    ("TOKYOSTANDARDTIME", "Asia/Tokyo"),
    ("NORTHKOREASTANDARDTIME", "Asia/Pyongyang"),
    ("KOREASTANDARDTIME", "Asia/Seoul"),
    ("YAKUTSKSTANDARDTIME", "Asia/Yakutsk"),
    ("CENAUSTRALIASTANDARDTIME", "Australia/Adelaide"),
    ("CEN.AUSTRALIASTANDARDTIME", "Australia/Adelaide"),
    ("AUSCENTRALSTANDARDTIME", "Australia/Darwin"),
    ("EAUSTRALIASTANDARDTIME", "Australia/Brisbane"),
    ("E.AUSTRALIASTANDARDTIME", "Australia/Brisbane"),
    ("AUSEASTERNSTANDARDTIME", "Australia/Sydney"),
    ("WESTPACIFICSTANDARDTIME", "Pacific/Port_Moresby"),
    ("TASMANIASTANDARDTIME", "Australia/Hobart"),
    ("VLADIVOSTOKSTANDARDTIME", "Asia/Vladivostok"),
    ("LORDHOWESTANDARDTIME", "Australia/Lord_Howe"),
    ("BOUGAINVILLESTANDARDTIME", "Pacific/Bougainville"),
    ("RUSSIATIMEZONE10", "Asia/Srednekolymsk"),
    ("MAGADANSTANDARDTIME", "Asia/Magadan"),
    ("NORFOLKSTANDARDTIME", "Pacific/Norfolk"),
    ("SAKHALINSTANDARDTIME", "Asia/Sakhalin"),
    ("CENTRALPACIFICSTANDARDTIME", "Pacific/Guadalcanal"),
    ("RUSSIATIMEZONE11", "Asia/Kamchatka"),
    ("NEWZEALANDSTANDARDTIME", "Pacific/Auckland"),
    ("UTC+12", "Etc/GMT-12"),
    ("FIJISTANDARDTIME", "Pacific/Fiji"),
    ("CHATHAMISLANDSSTANDARDTIME", "Pacific/Chatham"),
    ("UTC+13", "Etc/GMT-13"),
    ("TONGASTANDARDTIME", "Pacific/Tongatapu"),
    ("SAMOASTANDARDTIME", "Pacific/Apia"),
    ("LINEISLANDSSTANDARDTIME", "Pacific/Kiritimati"),
];

#[cfg(test)]
mod tests {
    use jiff::tz::TimeZone;

    use super::*;

    #[test]
    fn every_zone_can_be_computed_with() {
        for (windows, iana) in ZONES {
            assert!(TimeZone::get(iana).is_ok(), "{windows} {iana}");
        }
    }

    #[test]
    fn no_name_stands_twice() {
        for (at, (windows, _)) in ZONES.iter().enumerate() {
            assert!(!ZONES[..at].iter().any(|(known, _)| known == windows), "{windows}");
        }
    }

    #[test]
    fn names_of_the_recordings() {
        assert_eq!(iana("NEWZEALANDSTANDARDTIME"), Some("Pacific/Auckland"));
        assert_eq!(iana("EASTERNSTANDARDTIME"), Some("America/New_York"));
        assert_eq!(iana("MOUNTAINSTANDARDTIME(MEXICO)"), Some("America/Mazatlan"));
        assert_eq!(iana("UTC08"), Some("Etc/GMT+8"));
        assert_eq!(iana("AUS Eastern Standard Time"), Some("Australia/Sydney"));
        assert_eq!(iana("MOONSTANDARDTIME"), None);
    }
}
