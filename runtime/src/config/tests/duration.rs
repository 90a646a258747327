use std::time::Duration;

use crate::config::duration::{DurationError, parse};

/// What an attribute does: the text is read when the program is compiled.
const AT_COMPILE_TIME: Duration = match parse("1.5s") {
    Ok(duration) => duration,
    Err(error) => panic!("{}", error.message()),
};

#[test]
fn every_unit_is_read() {
    let table = [
        ("1ns", Duration::from_nanos(1)),
        ("500us", Duration::from_micros(500)),
        ("5ms", Duration::from_millis(5)),
        ("1s", Duration::from_secs(1)),
        ("1m", Duration::from_secs(60)),
        ("2h", Duration::from_secs(7_200)),
        ("0s", Duration::ZERO),
        ("007s", Duration::from_secs(7)),
        ("1.5s", Duration::from_millis(1_500)),
        ("0.25m", Duration::from_secs(15)),
        ("1.000000001s", Duration::new(1, 1)),
        ("876000h", Duration::from_secs(876_000 * 3_600)),
    ];
    for (text, expected) in table {
        assert_eq!(parse(text), Ok(expected), "{text}");
    }
    assert_eq!(AT_COMPILE_TIME, Duration::from_millis(1_500));
}

#[test]
fn everything_else_is_refused_with_its_reason() {
    let digits = "9".repeat(1 << 16);
    let fraction = format!("0.{}1s", "0".repeat(40));
    let table = [
        ("", DurationError::NotANumber),
        ("s", DurationError::NotANumber),
        ("-5s", DurationError::NotANumber),
        (".5s", DurationError::NotANumber),
        ("5.s", DurationError::NotANumber),
        ("5", DurationError::MissingUnit),
        ("5 ms", DurationError::UnknownUnit),
        ("5S", DurationError::UnknownUnit),
        ("5d", DurationError::UnknownUnit),
        ("1.2.3s", DurationError::UnknownUnit),
        ("1m30s", DurationError::UnknownUnit),
        ("1e3s", DurationError::UnknownUnit),
        ("5µs", DurationError::UnknownUnit),
        ("0.5ns", DurationError::TooFine),
        ("876000.1h", DurationError::TooLong),
        ("999999999999999999999999h", DurationError::TooLong),
        (digits.as_str(), DurationError::TooLong),
        (fraction.as_str(), DurationError::TooLong),
    ];
    for (text, expected) in table {
        assert_eq!(parse(text), Err(expected), "{text:.40}");
    }
}

#[test]
fn as_many_digits_as_can_be_reckoned_with_are_read() {
    let most = format!("{:0>24}s", 1);
    assert_eq!(parse(&most), Ok(Duration::from_secs(1)));
    let more = format!("0{most}");
    assert_eq!(parse(&more), Err(DurationError::TooLong));
}
