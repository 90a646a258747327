use gambeson::{Number, Value};

use super::{MAX_LINE, Record, lines, read};

fn refusal(line: &[u8]) -> String {
    Record::parse(line).unwrap_err().to_string()
}

#[test]
fn a_line_becomes_an_event() {
    let record = Record::parse(
        br#"{"at":"2025-06-11T09:00:00Z","event":"dspex.predict.stop",
            "measurements":{"duration":0.25,"tokens":3,"drift":-1},
            "metadata":{"provider":"openai","success":false,"retry":null}}"#,
    )
    .unwrap();
    assert_eq!(record.name(), "dspex.predict.stop");
    assert_eq!(
        record.measurements(),
        [
            ("drift", Number::Signed(-1)),
            ("duration", Number::Float(0.25)),
            ("tokens", Number::Unsigned(3)),
        ]
    );
    assert_eq!(
        record.metadata(),
        [
            ("provider", Value::Text("openai")),
            ("retry", Value::Absent),
            ("success", Value::Bool(false)),
        ]
    );
}

#[test]
fn a_measurement_that_is_no_number_does_not_cost_the_event() {
    let line = br#"{"event":"a.b","measurements":{"duration":"fast","tokens":7}}"#;
    let record = Record::parse(line).unwrap();
    assert_eq!(record.measurements(), [("tokens", Number::Unsigned(7))]);
    assert_eq!(record.metadata(), [("duration", Value::Text("fast"))]);
}

#[test]
fn a_line_that_is_no_event_says_why() {
    let cases: &[(&[u8], &str)] = &[
        (b"{\"event\":", "EOF while parsing a value at column 9"),
        (b"{}", "missing field `event`"),
        (br#"["a.b",{},{},0]"#, "not a JSON object"),
        (b"nonsense", "expected ident at column 2"),
        (
            br#"{"event":"a.b","measurements":[1]}"#,
            "`measurements` is not an object",
        ),
        (
            br#"{"event":"a.b","meta":{}}"#,
            "unknown field `meta`, expected one of `event`, `measurements`, `metadata`, `at`",
        ),
        (
            br#"{"event":"a.b","metadata":{"model":{"id":4}}}"#,
            "metadata `model` is an object; give a text, a number or a truth value",
        ),
        (
            br#"{"event":"a.b","measurements":{"duration":1e999}}"#,
            "number out of range at column 47",
        ),
        (b"{\"event\":\"a.\xff\"}", "not UTF-8 from byte 13"),
    ];
    for (line, reason) in cases {
        assert_eq!(refusal(line), *reason, "{}", line.escape_ascii());
    }
}

#[test]
fn a_line_is_bounded() {
    let padded = |length: usize| {
        let mut line = br#"{"event":"a.b"}"#.to_vec();
        line.resize(length, b' ');
        line
    };
    assert!(Record::parse(&padded(MAX_LINE)).is_ok());
    assert_eq!(
        refusal(&padded(MAX_LINE + 1)),
        "65537 bytes long; at most 65536 are read"
    );
}

#[test]
fn deep_nesting_is_refused_and_not_followed() {
    let deep = format!(r#"{{"event":"a.b","metadata":{{"x":{}"#, "[".repeat(50_000));
    assert_eq!(
        refusal(deep.as_bytes()),
        "recursion limit exceeded at column 157"
    );
}

#[test]
fn blank_lines_count_and_are_not_read() {
    let numbered: Vec<_> = lines(b"one\r\n\n  \ntwo\n").collect();
    assert_eq!(numbered, [(1, b"one".as_slice()), (4, b"two")]);
}

#[test]
fn a_file_that_is_not_there_is_named() {
    let error = read("no/such/file.jsonl".as_ref()).unwrap_err().to_string();
    assert!(error.starts_with("no/such/file.jsonl: "), "{error}");
    assert!(
        error.ends_with("name another file with `--file`"),
        "{error}"
    );
}
